/** Whether a file system has hard links. */
import { join } from "node:path";
import { hasCode } from "../errors.ts";
import { closeFile, linkFile, openNew, removeFile, setPathTimes } from "./files.ts";
import { nearestExisting, statIfAny } from "./look.ts";
import { fileSystemType } from "./space.ts";

/** True for an error of link(2) on a file system without hard links. */
export const lacksHardLinks = (error: unknown): error is Error =>
  hasCode(error, "EPERM", "EOPNOTSUPP", "ENOTSUP", "ENOSYS");

export type LinkTrial = "works" | "unsupported" | "other-file-system";

/** Makes a file in one directory, links it into another, and removes both. `name` must be unused in both. */
export function tryHardLink(from: string, to: string, name: string): LinkTrial {
  const [file, link] = [join(from, name), join(to, `${name}.link`)];
  removeFile(file); // left by a killed run
  removeFile(link);
  closeFile(openNew(file));
  try {
    linkFile(file, link);
    return "works";
  } catch (error) {
    if (lacksHardLinks(error)) return "unsupported";
    if (hasCode(error, "EXDEV")) return "other-file-system";
    throw error;
  } finally {
    removeFile(link);
    removeFile(file);
  }
}

/**
 * Returns whether files below a directory, which may not exist yet, can have hard links. The type of most file systems
 * tells. On others, such as FUSE and SMB, it tries if this user may write: with two names that it removes at once, in the
 * nearest existing directory, whose time it then sets back. Undefined if that is not possible, such as on a full disk.
 */
export function canHaveHardLinks(path: string, mayWrite: boolean): boolean | undefined {
  const directory = nearestExisting(path);
  const known = hardLinksOfType.get(fileSystemType(directory));
  const stats = statIfAny(directory);
  if (known !== undefined || stats === undefined || !mayWrite) return known;
  try {
    return tryHardLink(directory, directory, ".mirrorctl-probe") === "works";
  } catch (error) {
    if (!hasCode(error, ...codesOfRefusedFiles)) throw error;
    return undefined;
  } finally {
    setPathTimes(directory, stats);
  }
}

/** Of a full disk, and of a file system such as /proc, in which nobody makes files. */
const codesOfRefusedFiles = ["ENOSPC", "EDQUOT", "ENOENT", "EACCES", "EPERM", "EROFS"] as const;

/** By the type of statfs(2), from linux/magic.h and the headers of the file systems. */
const hardLinksOfType: ReadonlyMap<number, boolean> = new Map([
  [0x4d44, false], // vfat
  [0x2011bab0, false], // exfat
  [0xef53, true], // ext2, ext3, ext4
  [0x58465342, true], // xfs
  [0x9123683e, true], // btrfs
  [0xca451a4e, true], // bcachefs
  [0xf2f52010, true], // f2fs
  [0x2fc12fc1, true], // zfs
  [0x01021994, true], // tmpfs
  [0x794c7630, true], // overlayfs
  [0x6969, true], // nfs
]);
