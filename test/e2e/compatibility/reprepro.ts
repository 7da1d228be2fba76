import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BuildDirectories, CompatibilityCase } from "./case.ts";
import { aptGetsSource, aptInstalls, aptTakesIndices, debootstraps, mmdebstraps } from "./clients.ts";
import { buildBase, buildDeb, buildHello, buildSource } from "./packages.ts";
import { tool } from "./tool.ts";

export const repreproCases: readonly CompatibilityCase[] = [
  {
    title: "a codename and its alias",
    madeBy: "reprepro",
    covers:
      "dists/stable as a symbolic link to a codename, no by-hash, a Release in each directory, empty indices, sources, one of two architectures mirrored",
    mirror: {
      suites: ["trixie", "stable"],
      sections: ["main", "contrib"],
      mirror_source: true,
    },
    entry: "stable main contrib",
    sources: ["greeting", "classic"],
    uses: [
      aptInstalls("hello", "hello-data"),
      aptTakesIndices("main_Contents-amd64"),
      aptGetsSource("greeting", "classic"),
      debootstraps("trixie"),
      mmdebstraps("stable", "hello-data"),
    ],
    build: buildCodename,
  },
  {
    title: "a suite with a slash and a prefix of components",
    madeBy: "reprepro",
    covers:
      "suite stable/updates, Components updates/main for a section that clients call main, Valid-Until, only xz, as Debian's security archive was",
    mirror: { suites: ["stable/updates"] },
    entry: "stable/updates main",
    uses: [aptInstalls("hello", "hello-data")],
    build: buildSecurity,
  },
];

const codename = (key: string): string => `Codename: trixie
Suite: stable
Components: main contrib
Architectures: amd64 arm64 source
DebIndices: Packages Release . .gz .xz
Contents: .gz
SignWith: ${key}
`;

const security = (key: string): string => `Codename: stable/updates
Suite: stable
Components: main
FakeComponentPrefix: updates
Architectures: amd64 arm64
DebIndices: Packages Release .xz
ValidFor: 7d
SignWith: ${key}
`;

async function buildCodename(directories: BuildDirectories): Promise<void> {
  const incoming = join(directories.workDir, "incoming");
  await buildBase(incoming);
  await buildHello(incoming);
  await buildDeb(incoming, "tool", "2.0", { architecture: "all" });
  await buildSource(incoming, "greeting", "3.0 (quilt)");
  await buildSource(incoming, "classic", "1.0");
  const reprepro = await startReprepro(directories, codename(directories.gnupg.fingerprint));
  const files = (await readdir(incoming)).map((name) => join(incoming, name));
  await reprepro("includedeb", "trixie", ...files.filter((file) => file.endsWith(".deb")));
  for (const dsc of files.filter((file) => file.endsWith(".dsc"))) {
    await reprepro("--section", "misc", "--priority", "optional", "includedsc", "trixie", dsc);
  }
  await reprepro("createsymlinks");
}

async function buildSecurity(directories: BuildDirectories): Promise<void> {
  const incoming = join(directories.workDir, "incoming");
  await buildHello(incoming);
  const reprepro = await startReprepro(directories, security(directories.gnupg.fingerprint));
  const files = (await readdir(incoming)).map((name) => join(incoming, name));
  await reprepro("includedeb", "stable/updates", ...files);
}

async function startReprepro({ dir, workDir, gnupg }: BuildDirectories, distributions: string) {
  await mkdir(join(workDir, "conf"));
  await writeFile(join(workDir, "conf/distributions"), distributions);
  return (...args: readonly string[]) =>
    tool("reprepro", ["--silent", "--basedir", workDir, "--outdir", dir, ...args], { env: gnupg.env });
}
