import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { documentationPages, type Edition, type PackagedFile } from "./contents.ts";
import { writeFiles } from "./write-files.ts";

export interface TarCompression {
  readonly suffix: string;
  readonly flags: readonly string[];
}

/** One thread: with several, the bytes depend on their number. */
export const smallTar: TarCompression = {
  suffix: ".tar.xz",
  flags: ["--use-compress-program=xz -9 --threads=1"],
};

/** For tests: compression takes a minute. */
export const plainTar: TarCompression = { suffix: ".tar", flags: [] };

/**
 * Writes the tarball for machines without dpkg: below its first directory are the files of /usr/local. Returns its path.
 */
export function writeTarball(
  files: readonly PackagedFile[],
  { version, date }: Edition,
  directory: string,
  { suffix, flags }: TarCompression = smallTar,
): string {
  const name = `mirrorctl-${version}-linux-${process.arch}`;
  const output = join(directory, `${name}${suffix}`);
  const tree = join(directory, name);
  rmSync(tree, { recursive: true, force: true });
  writeFiles(tree, [...files.flatMap(localFile), ...documentationPages()]);
  const seconds = Math.floor(date.getTime() / 1000);
  const owner = ["--owner=0", "--group=0", "--numeric-owner", `--mtime=@${seconds}`, "--sort=name"];
  execFileSync("tar", ["--create", "--format=gnu", ...owner, ...flags, "-f", output, "-C", directory, name]);
  rmSync(tree, { recursive: true });
  return output;
}

/** Moves a file of the package to below /usr/local. What only dpkg and Debian's tools read is left out. */
function localFile({ path, bytes, mode }: PackagedFile): readonly PackagedFile[] {
  if (/\/lintian\/|\/(?:changelog|NEWS)\.gz$/.test(path)) return [];
  if (path.startsWith("etc/"))
    return [{ path: "share/doc/mirrorctl/examples/packaged.toml", bytes: localPaths(bytes), mode }];
  const local = path
    .replace(/^usr\//, "")
    .replace("share/zsh/vendor-completions/", "share/zsh/site-functions/");
  return [{ path: local, bytes: local.endsWith(".service") ? localPaths(bytes) : bytes, mode }];
}

const localPaths = (text: Buffer): Buffer =>
  Buffer.from(text.toString().replaceAll(/\/usr\/(?=bin\/mirrorctl|share\/doc\/mirrorctl)/g, "/usr/local/"));
