/**
 * The file system, and the only place that names it: every change on disk passes through these few functions, so that
 * a test can make the Nth of them fail. Synchronous where a call takes microseconds: a thread-pool round trip costs
 * several times the call itself, and a tree is made of a hundred thousand of them.
 */
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
  ftruncateSync,
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
  type Stats,
  statfsSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { hasCode, noteInodesRanOut } from "../errors.ts";

export type { Stats };

export const closeFile = closeSync;
export const linkFile = (existing: string, path: string): void =>
  creating(path, () => linkSync(existing, path));
export const movePath = (from: string, to: string): void => creating(to, () => renameSync(from, to));
export const removeEmptyDirectory = rmdirSync;
export const setFileTimes = futimesSync;
export const truncateFile = ftruncateSync;

/** What stands at a name, told apart from all else: an inode's number has 64 bits, and is given anew when it is free. */
export interface Inode {
  /** Two names with the same are one file. */
  readonly id: string;
  /** Another one after its bytes or its names changed. */
  readonly version: string;
  /** Not a directory, a link or anything else. */
  readonly isFile: boolean;
  readonly sizeBytes: number;
  /** How many names it has. */
  readonly names: number;
}

/** State that is nobody else's business: readable and writable by its owner alone. */
export function restrictToOwner(path: string): void {
  chmodSync(path, 0o600);
}

/** A full disk gives one error for two causes; which it is can be seen at that moment alone. */
function creating<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (hasCode(error, "ENOSPC")) noteIfInodesRanOut(error, path);
    throw error;
  }
}

/** For an error that a full disk may have, at a path of it. */
export function noteIfInodesRanOut(error: Error, path: string): void {
  if (freeSpace(path).inodes === 0) noteInodesRanOut(error);
}

/** A directory and what is missing above it; only the last one is given `mode`. */
export function makeDirectory(path: string, mode = 0o755): void {
  creating(path, () => {
    if (mode !== 0o755) makeMissing(dirname(path), 0o755);
    makeMissing(path, mode);
  });
}

/** Where several directories are missing, Node reports most errors of making the first as ENOENT, EROFS among them. */
function makeMissing(path: string, mode: number): void {
  try {
    mkdirSync(path, { recursive: true, mode });
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
    mkdirSync(firstMissing(path)); // fails for the real reason, unless that has passed
    mkdirSync(path, { recursive: true, mode });
  }
}

function firstMissing(path: string): string {
  const parent = dirname(path);
  return parent === path || statLinkIfAny(parent) !== undefined ? path : firstMissing(parent);
}

/** Sets the times of a path back to what they were, where this user may. */
export function setPathTimes(path: string, { atime, mtime }: Stats): void {
  try {
    utimesSync(path, atime, mtime);
  } catch (error) {
    if (!hasCode(error, "EPERM", "EACCES")) throw error;
  }
}

/** Makes a directory of its own below `parent`, which its owner alone may enter. */
export function makeTemporaryDirectory(parent: string): string {
  return creating(parent, () => mkdtempSync(join(parent, "mirrorctl-")));
}

/** A new symbolic link; EEXIST when the name is taken. */
export function makeSymlink(target: string, link: string): void {
  creating(link, () => symlinkSync(target, link));
}

/** Removes a file or a symbolic link; nothing there is fine. */
export function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
  }
}

/** Removes a whole directory tree, never following a link out of it; nothing there is fine. */
export async function removeTree(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
}

/** Opens for appending, creating the file when there is none; never through a symbolic link. */
export function openForAppend(path: string, mode = 0o644): number {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | constants.O_NOFOLLOW;
  return creating(path, () => openSync(path, flags, mode));
}

/** Opens a file that must not exist yet. */
export function openNew(path: string, mode = 0o644): number {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  return creating(path, () => openSync(path, flags, mode));
}

/** Writes all of the bytes, however often the kernel takes only a part. */
export function writeFully(descriptor: number, bytes: Uint8Array): void {
  namingFile(descriptor, () => {
    for (let written = 0; written < bytes.length; ) {
      written += writeSync(descriptor, bytes, written, bytes.length - written);
    }
  });
}

/**
 * Errors of calls that take a path name it, as a full disk is better told by one; of an open file the kernel still knows
 * it, proc(5).
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

/** Writes a file whose loss does no harm: neither durable nor atomic, and never through a symbolic link. */
export function writeSmallFile(path: string, text: string, mode: number): void {
  removeFile(path);
  const descriptor = openNew(path, mode);
  try {
    writeFully(descriptor, Buffer.from(text));
  } finally {
    closeSync(descriptor);
  }
}

export function syncFile(descriptor: number): void {
  namingFile(descriptor, () => fsyncSync(descriptor));
}

/** Makes the names in a directory survive a power cut: what fsync(2) says of the directory that holds a file. */
export function syncDirectory(path: string): void {
  syncPath(path, constants.O_DIRECTORY);
}

/** Makes the bytes of a file that has been written already survive a power cut. */
export function syncPath(path: string, flags = 0): void {
  const descriptor = openSync(path, constants.O_RDONLY | flags);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Copies a file with its modification time: shares the blocks where the file system can, else copies them. */
export function copyWithTimes(source: string, target: string): void {
  creating(target, () => copyFileSync(source, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE));
  const { mtime } = statSync(source);
  utimesSync(target, mtime, mtime);
}

export const readTextFile = (path: string): string => readFileSync(path, "utf8");
export const readBytes = (path: string): Buffer<ArrayBuffer> => readFileSync(path);
/** Of a file whose size is known no more memory is asked for than it takes: of small ones that costs most of the time. */
export const readChunks = (path: string, sizeBytes = chunkBytesMax): AsyncIterable<Uint8Array> =>
  createReadStream(path, { highWaterMark: Math.min(Math.max(sizeBytes, chunkBytesMin), chunkBytesMax) });

const chunkBytesMin = 4096;
const chunkBytesMax = 1 << 20;

export const readBytesIfAny = (path: string): Buffer<ArrayBuffer> | undefined =>
  unlessAbsent(() => readFileSync(path));
export const readLinkIfAny = (path: string): string | undefined => unlessAbsent(() => readlinkSync(path));
/** Where a name really leads, through every link on the way. */
export const realPathIfAny = (path: string): string | undefined => unlessAbsent(() => realpathSync(path));
/** What the name itself is: a link is not followed. */
export const statLinkIfAny = (path: string): Stats | undefined => unlessAbsent(() => lstatSync(path));
/** What the name leads to. */
export const statIfAny = (path: string): Stats | undefined => unlessAbsent(() => statSync(path));
/** Undefined where nothing stands. */
export function inodeIfAny(path: string): Inode | undefined {
  const stats = unlessAbsent(() => lstatSync(path, { bigint: true }));
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
/** As the kernel lists it in /proc; undefined where nothing stands. */
export function deviceAndInodeIfAny(
  path: string,
): { readonly device: bigint; readonly inode: bigint } | undefined {
  const stats = unlessAbsent(() => lstatSync(path, { bigint: true }));
  return stats && { device: stats.dev, inode: stats.ino };
}
export const statOpenFile = (descriptor: number): Stats => fstatSync(descriptor);
export const listDirectory = (path: string): Dirent[] =>
  unlessAbsent(() => readdirSync(path, { withFileTypes: true })) ?? [];

/** What is free on the file system of a path, or of the nearest directory above it that exists. */
export function freeSpace(path: string): { readonly bytes: number; readonly inodes: number | undefined } {
  const { bavail, bsize, files, ffree } = statfsSync(nearestExisting(path));
  // btrfs and others make inodes as they are needed, and report none.
  return { bytes: bavail * bsize, inodes: files === 0 ? undefined : ffree };
}

/** The number of the file system's kind, as in linux/magic.h. */
export const fileSystemType = (path: string): number => statfsSync(path).type;

/** The path itself, or the nearest directory above it that exists. */
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

/** For errors of a file system that is mounted read-only. */
export const readOnlyHint =
  "The file system is mounted read-only. Linux does that after an error of the disk: see dmesg. In a service of systemd, ReadWritePaths= has to name dir and snapshot.path.";

/** What this user may not see counts as absent. */
export function ifAllowed<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (hasCode(error, "EACCES")) return undefined;
    throw error;
  }
}

/** ENOTDIR counts as absent too: a component of the path is a file, so nothing can stand below it. */
function unlessAbsent<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return undefined;
    throw error;
  }
}
