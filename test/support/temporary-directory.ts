import { existsSync, mkdtempSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface TemporaryDirectory extends AsyncDisposable {
  readonly path: string;
  /** Returns the absolute path of a name inside. */
  join(...segments: readonly string[]): string;
}

const bytesNeeded = 512 << 20;

/**
 * The parent of temporary directories, in memory if there is room. mirrorctl flushes to disk often, which would take
 * most of the time of many tests. Tests of flushing use their own disks.
 */
const temporaryParent = hasRoom("/dev/shm") ? "/dev/shm" : tmpdir();

/** For directories on a real disk, which is another file system than that of other temporary directories. */
export const diskParent = tmpdir();

function hasRoom(path: string): boolean {
  if (!existsSync(path)) return false;
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize >= bytesNeeded;
}

/** Makes a private directory (mode 0700). With `await using` it is removed when the block ends, however it ends. */
export function temporaryDirectory(
  prefix?: string,
  parent: string = temporaryParent,
): Promise<TemporaryDirectory> {
  const path = temporaryPath(prefix, parent);
  return Promise.resolve({
    path,
    join: (...segments) => join(path, ...segments),
    [Symbol.asyncDispose]: async () => rmSync(path, { recursive: true, force: true }),
  });
}

/** Makes such a directory; the caller removes it. */
export const temporaryPath = (prefix = "mirrorctl-test-", parent = temporaryParent): string =>
  mkdtempSync(join(parent, prefix));
