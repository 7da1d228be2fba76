import { buffer } from "node:stream/consumers";
import { constants, gzipSync } from "node:zlib";
import { pack } from "tar-stream";

/** path -> content */
export type FileContents = Readonly<Record<string, string | Uint8Array>>;

/** path -> target of a symbolic link */
export type Links = Readonly<Record<string, string>>;

/** The time of every file in an archive, so that the same input gives the same bytes. */
export const archiveDate = new Date("2020-01-01T00:00:00Z");

/**
 * Returns a gzipped tar of these files and the directories above them, owned by root, with the same bytes each time.
 */
export async function tarGz(files: FileContents, links: Links = {}): Promise<Buffer> {
  const archive = await tar(files, links);
  // Large contents are random bytes: compressing them takes long and saves nothing.
  const level =
    archive.length > compressedBytesMax ? constants.Z_NO_COMPRESSION : constants.Z_BEST_COMPRESSION;
  return gzipSync(archive, { level });
}

const compressedBytesMax = 256 << 10;

/** As `tarGz`, but not compressed. */
export async function tar(files: FileContents, links: Links = {}): Promise<Buffer> {
  const archive = pack();
  const root = { uid: 0, gid: 0, uname: "root", gname: "root", mtime: archiveDate };
  for (const name of directoriesOf([...Object.keys(files), ...Object.keys(links)])) {
    archive.entry({ ...root, name, type: "directory", mode: 0o755 });
  }
  for (const [name, content] of Object.entries(files).toSorted(([left], [right]) =>
    left < right ? -1 : 1,
  )) {
    archive.entry({ ...root, name, type: "file", mode: 0o644 }, Buffer.from(content));
  }
  // As dpkg-deb orders them: a link comes after what it may lead to.
  for (const [name, linkname] of Object.entries(links))
    archive.entry({ ...root, name, type: "symlink", linkname, mode: 0o777 });
  archive.finalize();
  return buffer(archive);
}

function directoriesOf(paths: readonly string[]): string[] {
  const directories = new Set<string>();
  for (const path of paths) {
    for (let end = path.indexOf("/"); end >= 0; end = path.indexOf("/", end + 1)) {
      directories.add(path.slice(0, end + 1));
    }
  }
  return [...directories].toSorted();
}
