import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { gzipSync } from "node:zlib";
import { completionScript } from "../../src/cli/completion/index.ts";
import { sourceDate } from "../build.ts";
import { describedProgram } from "../command-help.ts";
import { manualPages } from "../man/pages.ts";
import { bundledLicenses } from "./licenses.ts";
import { billOfMaterials } from "./sbom.ts";

const root = join(import.meta.dirname, "../..");

/** A file of the package. Directories come from the paths. */
export interface PackagedFile {
  /** From the root of the file system, without the first "/". */
  readonly path: string;
  readonly bytes: Buffer;
  readonly mode: 0o644 | 0o755;
}

export interface Edition {
  readonly version: string;
  /** Of the last commit. */
  readonly date: Date;
}

/** What the checkout is. */
export function thisEdition(): Edition {
  const { version }: { version: string } = JSON.parse(read("package.json").toString());
  return { version, date: sourceDate() };
}

/** Returns every file that `apt install mirrorctl` puts on a machine. */
export async function packagedFiles(
  { version, date }: Edition,
  program = read("dist/mirrorctl"),
): Promise<readonly PackagedFile[]> {
  const pages = await manualPages({ date: date.toISOString().slice(0, 10), source: `mirrorctl ${version}` });
  return [
    { path: "usr/bin/mirrorctl", bytes: program, mode: 0o755 },
    textFile("etc/mirrorctl/mirror.toml", read("packaging/mirror.toml")),
    textFile("usr/lib/sysusers.d/mirrorctl.conf", read("packaging/sysusers.conf")),
    textFile("usr/lib/tmpfiles.d/mirrorctl.conf", read("packaging/tmpfiles.conf")),
    ...readdirSync(join(root, "packaging/systemd"))
      .filter((name) => /\.(service|timer)$/.test(name))
      .map((name) => textFile(`usr/lib/systemd/system/${name}`, read(`packaging/systemd/${name}`))),
    ...[...pages].map(([name, text]) => compressed(`usr/share/man/man${name.at(-1)}/${name}`, text)),
    ...(await completions()),
    textFile("usr/share/lintian/overrides/mirrorctl", read("packaging/lintian-overrides")),
    ...documentation({ version, date }),
  ];
}

/** Where the packages of these shells look for completions. */
async function completions(): Promise<readonly PackagedFile[]> {
  const program = await describedProgram();
  const script = (shell: "bash" | "zsh" | "fish") => Buffer.from(completionScript(shell, program));
  return [
    textFile("usr/share/bash-completion/completions/mirrorctl", script("bash")),
    textFile("usr/share/zsh/vendor-completions/_mirrorctl", script("zsh")),
    textFile("usr/share/fish/vendor_completions.d/mirrorctl.fish", script("fish")),
  ];
}

function documentation({ version, date }: Edition): readonly PackagedFile[] {
  const folder = "usr/share/doc/mirrorctl";
  return [
    textFile(`${folder}/copyright`, read("packaging/deb/copyright")),
    compressed(`${folder}/changelog`, debianChangelog(version, date)),
    compressed(`${folder}/NEWS`, read("CHANGELOG.md")),
    compressed(`${folder}/LICENSES`, bundledLicenses()),
    compressed(`${folder}/sbom.spdx.json`, billOfMaterials("spdx", date)),
    compressed(`${folder}/sbom.cyclonedx.json`, billOfMaterials("cyclonedx", date)),
    textFile(`${folder}/examples/override.conf`, read("packaging/systemd/override.conf")),
    ...filesBelow("examples").map((path) => textFile(`${folder}/${path}`, read(path))),
  ];
}

/** Returns the paths of the files below a folder of the checkout, from its root. */
const filesBelow = (folder: string): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(root, join(parentPath, name)))
    .toSorted();

const read = (path: string): Buffer => readFileSync(join(root, path));

export const textFile = (path: string, text: string | Buffer): PackagedFile => ({
  path,
  bytes: Buffer.from(text),
  mode: 0o644,
});

/** The pages of the checkout, for a machine without a package manager. */
export const documentationPages = (): readonly PackagedFile[] =>
  ["README.md", "CHANGELOG.md", "LICENSE", ...filesBelow("docs")].map((path) =>
    textFile(`share/doc/mirrorctl/${path}`, read(path)),
  );

/** Compressed as Debian Policy 12.1 and 12.7 want it; gzip writes neither name nor time. */
const compressed = (path: string, text: string | Buffer): PackagedFile =>
  textFile(`${path}.gz`, gzipSync(text, { level: 9 }));

/** One entry, in the form of deb-changelog(5): what changed is in NEWS. */
const debianChangelog = (
  version: string,
  date: Date,
): string => `mirrorctl (${version}) unstable; urgency=medium

  * NEWS.gz says what changed.

 -- mirrorctl maintainers <maintainers@mirrorctl.dev>  ${date.toUTCString().replace("GMT", "+0000")}
`;
