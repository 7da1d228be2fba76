/**
 * Changes of the file system. Every change on disk goes through these few functions, so that a test can make the Nth of them
 * fail. Calls that take microseconds are synchronous: a round trip to the thread pool takes several times as long, and a tree
 * needs a hundred thousand of them.
 */
import { isUtf8 } from "node:buffer";
import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  futimesSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  type Stats,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { hasCode, noteInodesRanOut } from "../errors.ts";
import { readLinkIfAny, statLinkIfAny } from "./look.ts";
import { namePath, namingPath } from "./name-path.ts";
import { freeSpace } from "./space.ts";

export const closeFile = closeSync;
export const linkFile = (existing: string, path: string): void =>
  creating(path, () => linkSync(existing, path));
export const movePath = (from: string, to: string): void => creating(to, () => renameSync(from, to));
export const removeEmptyDirectory = rmdirSync;
export const setFileTimes = futimesSync;

/** Lets only the owner read and write a file. */
export function restrictToOwner(path: string): void {
  chmodSync(path, 0o600);
}

/** Notes which of two causes ENOSPC has, no bytes or no inodes: only this moment can tell. */
export function creating<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (hasCode(error, "ENOSPC")) noteIfInodesRanOut(error, path);
    throw error;
  }
}

/** Notes on an error at a path that its disk has no inodes left, if that is so. */
export function noteIfInodesRanOut(error: Error, path: string): void {
  if (freeSpace(path).inodes === 0) noteInodesRanOut(error);
}

/** Makes a directory and the missing ones above it. Only the last one gets `mode`. */
export function makeDirectory(path: string, mode = 0o755): void {
  creating(path, () => {
    if (mode !== 0o755) makeMissing(dirname(path), 0o755);
    makeMissing(path, mode);
  });
}

/** If several directories are missing, Node reports most errors as ENOENT, even EROFS. */
function makeMissing(path: string, mode: number): void {
  try {
    mkdirSync(path, { recursive: true, mode });
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
    mkdirSync(firstMissing(path)); // fails with the real error, unless its cause is gone
    mkdirSync(path, { recursive: true, mode });
  }
}

function firstMissing(path: string): string {
  const parent = dirname(path);
  return parent === path || statLinkIfAny(parent) !== undefined ? path : firstMissing(parent);
}

/** Sets the times of a path back, if this user may. */
export function setPathTimes(path: string, { atime, mtime }: Stats): void {
  try {
    utimesSync(path, atime, mtime);
  } catch (error) {
    if (!hasCode(error, "EPERM", "EACCES")) throw error;
  }
}

/** Makes a new directory below `parent` that only its owner may enter. */
export function makeTemporaryDirectory(parent: string): string {
  return creating(parent, () => mkdtempSync(join(parent, "mirrorctl-")));
}

/** Makes a symbolic link. Throws EEXIST if the name exists. */
export function makeSymlink(target: string, link: string): void {
  creating(link, () => symlinkSync(target, link));
}

/** Removes a file or a symbolic link, if it exists. */
export function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
  }
}

/**
 * Removes the entries of a directory whose names are not UTF-8, with all below them. Node reads such a name as a text that
 * leads nowhere, so they are removed by their bytes. mirrorctl makes no such names.
 */
export function removeNamesOfOtherBytes(directory: string): void {
  for (const name of readdirSync(directory, { encoding: "buffer" })) {
    if (isUtf8(name)) continue;
    rmSync(Buffer.concat([Buffer.from(`${directory}/`), name]), { recursive: true, force: true });
  }
}

/** Opens a file for appending; makes it if it is missing. Follows no symbolic link. */
export function openForAppend(path: string, mode = 0o644): number {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | constants.O_NOFOLLOW;
  return creating(path, () => openSync(path, flags, mode));
}

/** Makes and opens a file. Throws EEXIST if the name exists. */
export function openNew(path: string, mode = 0o644): number {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  return creating(path, () => openSync(path, flags, mode));
}

/** Writes all bytes, also if write(2) takes only a part of them. */
export function writeFully(descriptor: number, bytes: Uint8Array): void {
  namingFile(descriptor, () => {
    for (let written = 0; written < bytes.length; ) {
      written += writeSync(descriptor, bytes, written, bytes.length - written);
    }
  });
}

/** Makes a file of these bytes and this modification time, or leaves nothing. Throws EEXIST if the name exists. */
export function writeNewFile(path: string, bytes: Uint8Array, modifiedAt: Date): void {
  const descriptor = openNew(path);
  try {
    try {
      writeFully(descriptor, bytes);
      setFileTimes(descriptor, modifiedAt, modifiedAt);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    removeFile(path);
    throw error;
  }
}

/** As namingPath, where only the kernel still knows the path, see proc(5). */
function namingFile(descriptor: number, work: () => void): void {
  try {
    work();
  } catch (error) {
    const path = readLinkIfAny(`/proc/self/fd/${descriptor}`);
    if (path !== undefined) namePath(error, path);
    throw error;
  }
}

/** Writes a file that may be lost: neither durable nor atomic. Follows no symbolic link. */
export function writeSmallFile(path: string, content: string | Uint8Array, mode: number): void {
  removeFile(path);
  const descriptor = openNew(path, mode);
  try {
    writeFully(descriptor, Buffer.from(content));
  } finally {
    closeSync(descriptor);
  }
}

export function syncFile(descriptor: number): void {
  namingFile(descriptor, () => fsyncSync(descriptor));
}

/** Makes the names in a directory survive a power cut, see fsync(2). */
export function syncDirectory(path: string): void {
  syncPath(path, constants.O_DIRECTORY);
}

/** Makes the written bytes of a file survive a power cut. */
export function syncPath(path: string, flags = 0): void {
  const descriptor = openSync(path, constants.O_RDONLY | flags);
  try {
    namingPath(path, () => fsyncSync(descriptor));
  } finally {
    closeSync(descriptor);
  }
}

/** Copies a file with its modification time. Shares the blocks if the file system can. */
export function copyWithTimes(source: string, target: string): void {
  creating(target, () => copyFileSync(source, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE));
  const { mtime } = statSync(source);
  utimesSync(target, mtime, mtime);
}

/** A hint for errors of a file system that is mounted read-only. */
export const readOnlyHint =
  "The file system is mounted read-only. Linux does that after an error of the disk: see dmesg.";
