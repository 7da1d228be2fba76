/** Writes dist/mirrorctl_<version>_<arch>.deb: `make deb`. Two builds of one commit are equal. */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { sourceDate } from "../build.ts";
import { type Edition, type PackagedFile, packagedFiles } from "./contents.ts";

const root = join(import.meta.dirname, "../..");

/** Directories that administrators fill. */
const emptyDirectories = ["etc/mirrorctl/keys", "etc/mirrorctl/profiles"];

function buildDeb(): void {
  const { version }: { version: string } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const edition: Edition = { version, date: sourceDate() };
  const architecture = execFileSync("dpkg", ["--print-architecture"]).toString().trim();
  const tree = join(root, "dist/deb");
  rmSync(tree, { recursive: true, force: true });
  const files = packagedFiles(edition);
  for (const { path, bytes, mode } of files) writeFile(join(tree, path), bytes, mode);
  for (const path of emptyDirectories) mkdirSync(join(tree, path), { recursive: true });
  writeControl(join(tree, "DEBIAN"), files, { VERSION: version, ARCHITECTURE: architecture });
  const output = join(root, `dist/mirrorctl_${version}_${architecture}.deb`);
  // dpkg-deb sorts the names, and takes no time that is later than this (dpkg-deb(1), SOURCE_DATE_EPOCH).
  const env = { ...process.env, SOURCE_DATE_EPOCH: String(Math.floor(edition.date.getTime() / 1000)) };
  execFileSync("dpkg-deb", ["--root-owner-group", "-Zxz", "-z9", "--build", tree, output], {
    env,
    stdio: "inherit",
  });
  rmSync(tree, { recursive: true });
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
  const configuration = files.filter(({ path }) => path.startsWith("etc/")).map(({ path }) => `/${path}\n`);
  writeFile(join(folder, "conffiles"), configuration.join(""), 0o644);
  const scripts = readdirSync(source).filter((name) => /^(pre|post)(inst|rm)$/.test(name));
  for (const name of scripts) writeFile(join(folder, name), readFileSync(join(source, name)), 0o755);
}

function writeFile(path: string, bytes: string | Buffer, mode: number): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  chmodSync(path, mode); // whatever the umask
}

if (import.meta.main) buildDeb();
