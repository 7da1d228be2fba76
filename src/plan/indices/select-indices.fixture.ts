import { parseRelease, Suite } from "../../repository/index.ts";
import { allKinds } from "./index-kinds.ts";
import { selectMirrorIndices } from "./select-indices.ts";
import type { IndexSelection, MirrorSelection } from "./selection.ts";

/** The default of the configuration: without the installer. */
export const usualKinds = { ...allKinds, installer: false };

/** Makes a Release that lists these names, each with its own size and digest. */
export function releaseOf(names: readonly string[], fields = "") {
  const lines = names.map((name, at) => ` ${String(at).padStart(64, "0")} ${at} ${name}\n`);
  return parseRelease(`Date: Sat, 10 Jun 2023 08:53:33 UTC\n${fields}SHA256:\n${lines.join("")}`, "Release");
}

/** Selects for a mirror of one suite. */
export function select(
  names: readonly string[],
  { suite = "stable", ...selection }: Partial<MirrorSelection> & { readonly suite?: string } = {},
  fields = "",
): IndexSelection {
  const [selected] = selectSuites({ [suite]: { names, fields } }, selection);
  if (selected === undefined) throw new Error("a suite, and no selection");
  return selected;
}

/** Selects for a mirror of several suites, each with the names in its Release. */
export function selectSuites(
  suites: Readonly<Record<string, { readonly names: readonly string[]; readonly fields?: string }>>,
  selection: Partial<MirrorSelection> = {},
): readonly IndexSelection[] {
  return selectMirrorIndices(
    Object.entries(suites).map(([suite, { names, fields }]) => ({
      suite: new Suite(suite),
      release: releaseOf(names, fields),
    })),
    { sections: ["main"], architectures: ["amd64"], source: false, kinds: usualKinds, ...selection },
  );
}

/** `kind name`, with "!" if the index is required. */
export const shown = (...args: Parameters<typeof select>) =>
  select(...args).indices.map(({ kind, name, required }) => `${kind}${required ? "!" : ""} ${name}`);

/** Indices of each kind for two architectures, and similar names. */
export const noble = [
  "Contents-amd64.gz",
  "Contents-i386.gz",
  "Contents-udeb-amd64.gz",
  "main/Contents-all",
  "main/Contents-amd64.gz",
  "main/Contents-source.gz",
  "main/Contents-udeb-amd64.gz",
  "main/binary-all/Packages",
  "main/binary-amd64/Packages",
  "main/binary-amd64/Packages.diff/Index",
  "main/binary-amd64/Packages.gz",
  "main/binary-amd64/Release",
  "main/binary-i386/Packages",
  "main/cnf/Commands-all.xz",
  "main/cnf/Commands-amd64",
  "main/cnf/Commands-i386.xz",
  "main/debian-installer/binary-all/Packages",
  "main/debian-installer/binary-amd64/Packages",
  "main/debian-installer/binary-amd64/Packages.gz",
  "main/debian-installer/binary-amd64/Release",
  "main/debian-installer/binary-i386/Packages",
  "main/dep11/Components-amd64.yml.gz",
  "main/dep11/Components-i386.yml.gz",
  "main/dep11/icons-48x48@2.tar.gz",
  "main/dep11/icons-64x64.tar",
  "main/i18n/Index",
  "main/i18n/Translation-de.bz2",
  "main/i18n/Translation-en",
  "main/i18n/Translation-en.diff/Index",
  "main/i18n/Translation-sr@latin.xz",
  "main/installer-amd64/20230607+deb12u11/images/MD5SUMS",
  "main/installer-amd64/20230607+deb12u11/images/SHA256SUMS",
  "main/installer-amd64/current/images/MD5SUMS",
  "main/installer-amd64/current/images/SHA256SUMS",
  "main/installer-amd64/current/images/netboot/SHA256SUMS",
  "main/installer-amd64/current/legacy-images/SHA256SUMS",
  "main/installer-i386/current/images/SHA256SUMS",
  "main/source/Release",
  "main/source/Sources",
  "main/source/Sources.diff/Index",
  "universe/binary-amd64/Packages",
  "xmain/binary-amd64/Packages",
  "xmain/i18n/Translation-en",
];
