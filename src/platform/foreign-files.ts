/** Files of other programs, which may change them at any moment, and what it takes to make them ours. */
import {
  chmodSync,
  constants,
  copyFileSync,
  fstatSync,
  lchownSync,
  openSync,
  readSync,
  utimesSync,
} from "node:fs";
import { hasCode } from "../errors.ts";
import { creating } from "./files.ts";

/** The owner of a file. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** Gives a file, or the symbolic link itself, to another owner. */
export function setOwner(path: string, { uid, gid }: Owner): void {
  lchownSync(path, uid, gid);
}

export const setMode = chmodSync;

/**
 * Opens a file of somebody else, who may replace it at any moment: follows no symbolic link, and does not wait for the
 * writer of a pipe.
 */
export const openForeign = (path: string): number =>
  openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);

/** Reads what follows in an open file, up to the size of the buffer. Returns the number of bytes; 0 at the end. */
export const readNext = (descriptor: number, buffer: Uint8Array): number => readSync(descriptor, buffer);

/**
 * Makes a file that shares the blocks of an open one until either of them changes (FICLONE), with its modification time and
 * mode 0644. Returns false if the two file systems cannot do that. Throws EEXIST if the name exists.
 */
export function cloneFile(descriptor: number, target: string): boolean {
  const flags = constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE_FORCE;
  try {
    creating(target, () => copyFileSync(`/proc/self/fd/${descriptor}`, target, flags));
  } catch (error) {
    if (!hasCode(error, ...cloneRefusals)) throw error;
    return false;
  }
  const { mtime } = fstatSync(descriptor);
  chmodSync(target, 0o644);
  utimesSync(target, mtime, mtime);
  return true;
}

/** ioctl_ficlone(2), and a system without /proc. */
const cloneRefusals = ["ENOTSUP", "EOPNOTSUPP", "EXDEV", "EINVAL", "ENOTTY", "ENOSYS", "EPERM", "ENOENT"];
