import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import { completionScript } from "../../src/cli/completion/index.ts";
import { sourceDate } from "../build.ts";
import { describedProgram } from "../command-help.ts";
import { manualPages } from "../man/pages.ts";
import { bundledLicenses } from "./licenses.ts";

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
export async function packagedFiles({ version, date }: Edition): Promise<readonly PackagedFile[]> {
  const pages = await manualPages({ date: date.toISOString().slice(0, 10), source: `mirrorctl ${version}` });
  return [
    { path: "usr/bin/mirrorctl", bytes: read("dist/mirrorctl"), mode: 0o755 },
    file("etc/mirrorctl/mirror.toml", read("packaging/mirror.toml")),
    file("usr/lib/sysusers.d/mirrorctl.conf", read("packaging/sysusers.conf")),
    file("usr/lib/tmpfiles.d/mirrorctl.conf", read("packaging/tmpfiles.conf")),
    ...readdirSync(join(root, "packaging/systemd"))
      .filter((name) => /\.(service|timer)$/.test(name))
      .map((name) => file(`usr/lib/systemd/system/${name}`, read(`packaging/systemd/${name}`))),
    ...[...pages].map(([name, text]) => compressed(`usr/share/man/man${name.at(-1)}/${name}`, text)),
    ...(await completions()),
    file("usr/share/lintian/overrides/mirrorctl", read("packaging/lintian-overrides")),
    ...documentation({ version, date }),
  ];
}

/** Where the packages of these shells look for completions. */
async function completions(): Promise<readonly PackagedFile[]> {
  const program = await describedProgram();
  const script = (shell: "bash" | "zsh" | "fish") => Buffer.from(completionScript(shell, program));
  return [
    file("usr/share/bash-completion/completions/mirrorctl", script("bash")),
    file("usr/share/zsh/vendor-completions/_mirrorctl", script("zsh")),
    file("usr/share/fish/vendor_completions.d/mirrorctl.fish", script("fish")),
  ];
}

function documentation({ version, date }: Edition): readonly PackagedFile[] {
  const folder = "usr/share/doc/mirrorctl";
  return [
    file(`${folder}/copyright`, read("packaging/deb/copyright")),
    compressed(`${folder}/changelog`, debianChangelog(version, date)),
    compressed(`${folder}/NEWS`, read("CHANGELOG.md")),
    compressed(`${folder}/LICENSES`, bundledLicenses()),
    compressed(`${folder}/sbom.spdx.json`, billOfMaterials("spdx", date)),
    compressed(`${folder}/sbom.cyclonedx.json`, billOfMaterials("cyclonedx", date)),
    file(`${folder}/examples/override.conf`, read("packaging/systemd/override.conf")),
    ...readdirSync(join(root, "examples")).map((name) =>
      file(`${folder}/examples/${name}`, read(`examples/${name}`)),
    ),
  ];
}

const read = (path: string): Buffer => readFileSync(join(root, path));

const file = (path: string, bytes: Buffer): PackagedFile => ({ path, bytes, mode: 0o644 });

/** Compressed as Debian Policy 12.1 and 12.7 want it; gzip writes neither name nor time. */
const compressed = (path: string, text: string | Buffer): PackagedFile =>
  file(`${path}.gz`, gzipSync(text, { level: 9 }));

/** One entry, in the form of deb-changelog(5): what changed is in NEWS. */
const debianChangelog = (
  version: string,
  date: Date,
): string => `mirrorctl (${version}) unstable; urgency=medium

  * NEWS.gz says what changed.

 -- mirrorctl maintainers <maintainers@mirrorctl.dev>  ${date.toUTCString().replace("GMT", "+0000")}
`;

/** Returns what npm knows of the packages that the executable contains, without what differs from one run to the next. */
function billOfMaterials(format: "spdx" | "cyclonedx", date: Date): string {
  const args = ["sbom", `--sbom-format=${format}`, "--omit=dev", "--omit=optional"];
  const text = execFileSync("npm", args, { cwd: root, maxBuffer: 16e6 })
    .toString()
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, date.toISOString())
    .replaceAll(uuid, "")
    .replace(`"name": "${basename(root)}"`, '"name": "mirrorctl"'); // npm names it after the folder
  const digest = createHash("sha256").update(text).digest("hex");
  return text.replace(
    /(?<=spdxdocs\/.*-|urn:uuid:)(?=")/,
    digest.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, "$1-$2-$3-$4-$5"),
  );
}

const uuid = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
