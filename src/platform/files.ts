/**
 * The file system. Every change on disk goes through these few functions, so that a test can make the Nth of them fail.
 * Calls that take microseconds are synchronous: a round trip to the thread pool takes several times as long, and a tree
 * needs a hundred thousand of them.
 */
import { isUtf8 } from "node:buffer";
import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  createReadStream,
  type Dirent,
  fstatSync,
  fsyncSync,
  futimesSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  type Stats,
  statfsSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { hasCode, noteInodesRanOut } from "../errors.ts";

export type { Dirent, Stats };

export const closeFile = closeSync;
export const linkFile = (existing: string, path: string): void =>
  creating(path, () => linkSync(existing, path));
export const movePath = (from: string, to: string): void => creating(to, () => renameSync(from, to));
export const removeEmptyDirectory = rmdirSync;
export const setFileTimes = futimesSync;

/** A file's identity. File systems reuse inode numbers, so the number alone is not enough. */
export interface Inode {
  /** Equal for two names of one file. */
  readonly id: string;
  /** Changes with the bytes and the names of the file. */
  readonly version: string;
  /** False for a directory, a symbolic link and so on. */
  readonly isFile: boolean;
  readonly sizeBytes: number;
  /** The number of its names (hard links). */
  readonly names: number;
}

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

/**
 * Adds the path to errors of calls that take a descriptor, since a message about a full disk should name one. The kernel
 * still knows it, see proc(5).
 */
function namingFile(descriptor: number, work: () => void): void {
  try {
    work();
  } catch (error) {
    const path = readLinkIfAny(`/proc/self/fd/${descriptor}`);
    if (error instanceof Error && path !== undefined) error.message += ` '${path}'`;
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
    fsyncSync(descriptor);
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

export const readTextFile = (path: string): string => readFileSync(path, "utf8");
export const readBytes = (path: string): Buffer<ArrayBuffer> => readFileSync(path);
/** Reads a file in chunks. With its size, uses no larger buffer than needed: for small files that saves most of the time. */
export const readChunks = (path: string, sizeBytes = chunkBytesMax): AsyncIterable<Uint8Array> =>
  createReadStream(path, { highWaterMark: Math.min(Math.max(sizeBytes, chunkBytesMin), chunkBytesMax) });

const chunkBytesMin = 4096;
const chunkBytesMax = 1 << 20;

export const readBytesIfAny = (path: string): Buffer<ArrayBuffer> | undefined =>
  unlessAbsent(() => readFileSync(path));
export const readLinkIfAny = (path: string): string | undefined => unlessAbsent(() => readlinkSync(path));
/** Reads a small file. Returns undefined for a larger one, and for a pipe or a device: it might block the process forever. */
export function readSmallFileIfAny(path: string, bytesMax: number): Buffer<ArrayBuffer> | undefined {
  const stats = statIfAny(path);
  return stats?.isFile() === true && stats.size <= bytesMax ? readBytesIfAny(path) : undefined;
}
/** Returns the real path of a name, with all links resolved. */
export const realPathIfAny = (path: string): string | undefined => unlessAbsent(() => realpathSync(path));
/** Describes the name itself: does not follow a link. */
export const statLinkIfAny = (path: string): Stats | undefined =>
  unlessAbsent(() => lstatSync(path, { throwIfNoEntry: false })); // an exception costs several times the call
/** Describes the file that the name leads to. */
export const statIfAny = (path: string): Stats | undefined =>
  unlessAbsent(() => statSync(path, { throwIfNoEntry: false }));
/** Returns undefined if there is no such name. */
export function inodeIfAny(path: string): Inode | undefined {
  const stats = unlessAbsent(() => lstatSync(path, { bigint: true, throwIfNoEntry: false }));
  return (
    stats && {
      id: `${stats.dev}:${stats.ino}:${stats.birthtimeNs}`,
      version: `${stats.dev}:${stats.ino}:${stats.ctimeNs}`,
      isFile: stats.isFile(),
      sizeBytes: Number(stats.size),
      names: Number(stats.nlink),
    }
  );
}
/** Returns the numbers that /proc uses; undefined if there is no such name. */
export function deviceAndInodeIfAny(
  path: string,
): { readonly device: bigint; readonly inode: bigint } | undefined {
  const stats = unlessAbsent(() => lstatSync(path, { bigint: true }));
  return stats && { device: stats.dev, inode: stats.ino };
}
export const statOpenFile = (descriptor: number): Stats => fstatSync(descriptor);
export const listDirectory = (path: string): Dirent[] =>
  unlessAbsent(() => readdirSync(path, { withFileTypes: true })) ?? [];

/** Returns the free space of the file system of a path, or of the nearest existing directory above it. */
export function freeSpace(path: string): { readonly bytes: number; readonly inodes: number | undefined } {
  const { bavail, bsize, files, ffree } = statfsSync(nearestExisting(path));
  // btrfs and others make inodes on demand, and report none.
  return { bytes: bavail * bsize, inodes: files === 0 ? undefined : ffree };
}

/** Returns the smaller share of space or inodes that is free, from 0 to 1, as df(1) counts them. */
export function freeShare(path: string): number {
  const { bavail, bfree, blocks, files, ffree } = statfsSync(nearestExisting(path));
  const usable = blocks - bfree + bavail; // without what is reserved for root
  return Math.min(usable === 0 ? 1 : bavail / usable, files === 0 ? 1 : ffree / files);
}

/** Returns the number of the file system type, as in linux/magic.h. */
export const fileSystemType = (path: string): number => statfsSync(path).type;

/** Returns the path itself, or the nearest existing directory above it. */
export function nearestExisting(path: string): string {
  return path === dirname(path) || statIfAny(path) !== undefined ? path : nearestExisting(dirname(path));
}

/** Why this user cannot write a file, or make files in a directory; undefined if access(2) finds no reason. */
export function whyNotWritable(path: string): "denied" | "read-only" | undefined {
  try {
    const isDirectory = statIfAny(path)?.isDirectory() !== false;
    accessSync(path, isDirectory ? constants.W_OK | constants.X_OK : constants.W_OK);
    return undefined;
  } catch (error) {
    if (hasCode(error, "EROFS")) return "read-only";
    if (hasCode(error, "EACCES", "EPERM", "ENOENT")) return "denied";
    throw error;
  }
}

/** A hint for errors of a file system that is mounted read-only. */
export const readOnlyHint =
  "The file system is mounted read-only. Linux does that after an error of the disk: see dmesg.";

/** Returns undefined for a path that this user must not see. */
export function ifAllowed<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (hasCode(error, "EACCES")) return undefined;
    throw error;
  }
}

/** Returns undefined for ENOENT, and for ENOTDIR: a part of the path is a file, so nothing is below it. */
function unlessAbsent<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return undefined;
    throw error;
  }
}
