/** Writes dist/mirrorctl_<version>_<arch>.deb: `make deb`. Two builds of one commit are equal. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Edition, type PackagedFile, packagedFiles, thisEdition } from "./contents.ts";

const root = join(import.meta.dirname, "../..");

/** Directories that administrators fill. */
const emptyDirectories = ["etc/mirrorctl/conf.d", "etc/mirrorctl/keys", "etc/mirrorctl/profiles"];

/** One thread: with several, the bytes depend on their number. */
const small = ["-Zxz", "-z9", "--threads-max=1"];

/** For tests: compression takes a minute. */
export const uncompressed = ["-Znone"];

/** Writes a package of these files into a directory. Returns its path. */
export function writeDeb(
  files: readonly PackagedFile[],
  { version, date }: Edition,
  directory: string,
  compression: readonly string[] = small,
): string {
  const architecture = execFileSync("dpkg", ["--print-architecture"]).toString().trim();
  const output = join(directory, `mirrorctl_${version}_${architecture}.deb`);
  const tree = `${output}.tree`;
  rmSync(tree, { recursive: true, force: true });
  for (const { path, bytes, mode } of files) writeFile(join(tree, path), bytes, mode);
  for (const path of emptyDirectories) makeDirectory(join(tree, path));
  writeControl(join(tree, "DEBIAN"), files, { VERSION: version, ARCHITECTURE: architecture });
  // dpkg-deb sorts the names, and takes no time that is later than this (dpkg-deb(1), SOURCE_DATE_EPOCH).
  const env = { ...process.env, SOURCE_DATE_EPOCH: String(Math.floor(date.getTime() / 1000)) };
  execFileSync("dpkg-deb", ["--root-owner-group", ...compression, "--build", tree, output], {
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
  rmSync(tree, { recursive: true });
  return output;
}

function writeControl(
  folder: string,
  files: readonly PackagedFile[],
  facts: Readonly<Record<"VERSION" | "ARCHITECTURE", string>>,
): void {
  const source = join(root, "packaging/deb");
  const size = Math.ceil(files.reduce((sum, { bytes }) => sum + bytes.length, 0) / 1024);
  const control = readFileSync(join(source, "control"), "utf8")
    .replace("@VERSION@", facts.VERSION)
    .replace("@ARCHITECTURE@", facts.ARCHITECTURE)
    .replace("@SIZE@", String(size));
  writeFile(join(folder, "control"), control, 0o644);
  const conffiles = files.filter(isConfiguration).map(({ path }) => `/${path}\n`);
  writeFile(join(folder, "conffiles"), conffiles.join(""), 0o644);
  const others = files.filter((file) => !isConfiguration(file));
  writeFile(join(folder, "md5sums"), others.map(md5Line).join(""), 0o644);
  const scripts = readdirSync(source).filter((name) => /^(pre|post)(inst|rm)$/.test(name));
  for (const name of scripts) writeFile(join(folder, name), readFileSync(join(source, name)), 0o755);
}

const isConfiguration = ({ path }: PackagedFile): boolean => path.startsWith("etc/");

/** For `dpkg --verify`, see deb-md5sums(5). */
const md5Line = ({ path, bytes }: PackagedFile): string =>
  `${createHash("md5").update(bytes).digest("hex")}  ${path}\n`;

function writeFile(path: string, bytes: string | Buffer, mode: number): void {
  makeDirectory(dirname(path));
  writeFileSync(path, bytes);
  chmodSync(path, mode);
}

/** Makes it and those above it, whatever the umask. */
function makeDirectory(path: string): void {
  const umask = process.umask(0o022);
  mkdirSync(path, { recursive: true });
  process.umask(umask);
}

if (import.meta.main) {
  const edition = thisEdition();
  console.log(writeDeb(await packagedFiles(edition), edition, join(root, "dist")));
}
