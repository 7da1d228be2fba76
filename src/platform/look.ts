/** What is on disk. These functions read and look at names; they change nothing. */
import {
  accessSync,
  constants,
  createReadStream,
  type Dirent,
  fstatSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  type Stats,
  statSync,
} from "node:fs";
import { dirname } from "node:path";
import { hasCode } from "../errors.ts";
import { namePath, namingPath } from "./name-path.ts";

export type { Dirent, Stats };

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

export const readTextFile = (path: string): string => namingPath(path, () => readFileSync(path, "utf8"));
export const readBytes = (path: string): Buffer<ArrayBuffer> => namingPath(path, () => readFileSync(path));
/** Reads a file in chunks. With its size, uses no larger buffer than needed: for small files that saves most of the time. */
export const readChunks = (path: string, sizeBytes = chunkBytesMax): AsyncIterable<Uint8Array> =>
  createReadStream(path, {
    highWaterMark: Math.min(Math.max(sizeBytes, chunkBytesMin), chunkBytesMax),
  }).once("error", (error) => namePath(error, path));

const chunkBytesMin = 4096;
const chunkBytesMax = 1 << 20;

export const readBytesIfAny = (path: string): Buffer<ArrayBuffer> | undefined =>
  unlessAbsent(() => readBytes(path));
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
