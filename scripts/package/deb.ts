/** Writes dist/mirrorctl_<version>_<arch>.deb: `make deb`. Two builds of one commit are equal. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Edition, type PackagedFile, packagedFiles, textFile, thisEdition } from "./contents.ts";
import { makeDirectory, writeFiles } from "./write-files.ts";

const root = join(import.meta.dirname, "../..");

/** Directories that administrators fill. */
const emptyDirectories = ["etc/mirrorctl/conf.d", "etc/mirrorctl/keys", "etc/mirrorctl/profiles"];

/** One thread: with several, the bytes depend on their number. */
export const smallDeb = ["-Zxz", "-z9", "--threads-max=1"];

/** For tests: compression takes a minute. */
export const uncompressed = ["-Znone"];

/** Writes a package of these files into a directory. Returns its path. */
export function writeDeb(
  files: readonly PackagedFile[],
  { version, date }: Edition,
  directory: string,
  compression: readonly string[] = smallDeb,
): string {
  const architecture = execFileSync("dpkg", ["--print-architecture"]).toString().trim();
  const output = join(directory, `mirrorctl_${version}_${architecture}.deb`);
  const tree = `${output}.tree`;
  rmSync(tree, { recursive: true, force: true });
  writeFiles(tree, files);
  for (const path of emptyDirectories) makeDirectory(join(tree, path));
  writeFiles(join(tree, "DEBIAN"), controlFiles(files, { VERSION: version, ARCHITECTURE: architecture }));
  // dpkg-deb sorts the names, and takes no time that is later than this (dpkg-deb(1), SOURCE_DATE_EPOCH).
  const env = { ...process.env, SOURCE_DATE_EPOCH: String(Math.floor(date.getTime() / 1000)) };
  execFileSync("dpkg-deb", ["--root-owner-group", ...compression, "--build", tree, output], {
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
  rmSync(tree, { recursive: true });
  return output;
}

/** See deb-control(5), deb-conffiles(5) and deb-md5sums(5), which `dpkg --verify` reads. */
function controlFiles(
  files: readonly PackagedFile[],
  facts: Readonly<Record<"VERSION" | "ARCHITECTURE", string>>,
): readonly PackagedFile[] {
  const source = join(root, "packaging/deb");
  const size = Math.ceil(files.reduce((sum, { bytes }) => sum + bytes.length, 0) / 1024);
  const control = readFileSync(join(source, "control"), "utf8")
    .replace("@VERSION@", facts.VERSION)
    .replace("@ARCHITECTURE@", facts.ARCHITECTURE)
    .replace("@SIZE@", String(size));
  const configuration = files.filter(isConfiguration).map(({ path }) => `/${path}\n`);
  const others = files.filter((file) => !isConfiguration(file));
  const scripts = readdirSync(source).filter((name) => /^(pre|post)(inst|rm)$/.test(name));
  return [
    textFile("control", control),
    textFile("conffiles", configuration.join("")),
    textFile("md5sums", others.map(md5Line).join("")),
    ...scripts.map((name) => ({ ...textFile(name, readFileSync(join(source, name))), mode: 0o755 as const })),
  ];
}

const isConfiguration = ({ path }: PackagedFile): boolean => path.startsWith("etc/");

const md5Line = ({ path, bytes }: PackagedFile): string =>
  `${createHash("md5").update(bytes).digest("hex")}  ${path}\n`;

if (import.meta.main) {
  const edition = thisEdition();
  console.log(writeDeb(await packagedFiles(edition), edition, join(root, "dist")));
}
