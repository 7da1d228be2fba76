/** Node's file system. The disk of faulty-disk.ts may fail each of its steps. */
import type * as Fs from "node:fs";
import { basename, dirname, join } from "node:path";
import { failureOf, pathOfDescriptor, type Step, take } from "./faulty-disk.ts";

const room = (call: string, path: Fs.PathLike): Step => ({ call, path: String(path), needs: "room" });
const change = (call: string, path: Fs.PathLike): Step => ({ call, path: String(path), needs: "change" });
const durable = (call: string, path: string): Step => ({ call, path, needs: "nothing" });
const look = (call: string, path: unknown): Step => ({ call, path: String(path), needs: "look" });

/** Pretends that `snapshot.path` is on another file system. */
export const snapshots = { standApart: false };

/**
 * Pretends that a file system has no hard links: its directory, the error of link(2), and the kind that statfs(2)
 * reports.
 */
export interface Linkless {
  readonly where: (path: string) => boolean;
  readonly code: "EPERM" | "EOPNOTSUPP" | "ENOSYS" | "EXDEV";
  readonly type?: number;
}
export const fileSystem: {
  linkless: Linkless | undefined;
  /** Says which paths are on a disk that names files as FAT does. */
  fat: ((path: string) => boolean) | undefined;
  /** How many names a file may have: 65,000 on ext4. */
  namesMax: number;
} = { linkless: undefined, fat: undefined, namesMax: Number.POSITIVE_INFINITY };

const isOnFat = (path: string): boolean => fileSystem.fat?.(path) === true;

/** Throws as the kernel does for a name that FAT does not take. */
function refuseName(path: string): void {
  if (!isOnFat(path) || !/[:*?"<>|\\]/.test(basename(path))) return;
  throw Object.assign(new Error(`EINVAL: the disk of the test, open '${path}'`), { code: "EINVAL" });
}

/** Returns the name that a disk with FAT finds for another one in upper or lower case. */
function foundName(real: typeof Fs, path: Fs.PathLike): Fs.PathLike {
  const wanted = String(path);
  if (!isOnFat(wanted) || real.existsSync(path)) return path;
  const names = real.existsSync(dirname(wanted)) ? real.readdirSync(dirname(wanted)) : [];
  const found = names.find((name) => name.toLowerCase() === basename(wanted).toLowerCase());
  return found === undefined ? path : join(dirname(wanted), found);
}

const isSnapshots = (path: string): boolean => path.includes("/.snapshots/");

export function faultyFs(real: typeof Fs): typeof Fs {
  const isThere = (path: Fs.PathLike): boolean => real.existsSync(path);
  const looking = <Name extends "lstatSync" | "statSync" | "readdirSync" | "readlinkSync" | "realpathSync">(
    name: Name,
  ) => {
    const call = real[name] as (...args: readonly unknown[]) => unknown;
    return ((...args: readonly unknown[]) =>
      take(look(name, args[0]), () => call(...args))) as (typeof Fs)[Name];
  };
  const changed: Partial<Record<keyof typeof Fs, unknown>> = {
    mkdirSync: (path: string, options: Fs.MakeDirectoryOptions) => {
      // An existing directory is found even on a full disk.
      const step = isThere(path) ? durable("mkdir", path) : room("mkdir", path);
      return take(step, () => real.mkdirSync(path, options));
    },
    openSync: (path: string, flags: number, mode?: number) => {
      // A name that exists is found even on a full disk, or on one that nobody can write.
      const isFound = (flags & real.constants.O_EXCL) !== 0 && isThere(path);
      const creates = (flags & real.constants.O_CREAT) !== 0 && !isFound;
      if (creates) refuseName(path);
      return take(creates ? room("open", path) : look("open", path), () => real.openSync(path, flags, mode));
    },
    writeSync: (descriptor: number, bytes: Uint8Array, offset: number, length: number) =>
      take(
        room("write", pathOfDescriptor(descriptor)),
        () => real.writeSync(descriptor, bytes, offset, length),
        () => real.writeSync(descriptor, bytes, offset, length >> 1),
      ),
    writeFileSync: (path: string, text: string, options: Fs.WriteFileOptions) =>
      take(
        room("write", path),
        () => real.writeFileSync(path, text, options),
        () => real.writeFileSync(path, text.slice(0, text.length >> 1), options),
      ),
    linkSync: (from: string, to: string) => {
      if (snapshots.standApart && isSnapshots(from) !== isSnapshots(to))
        throw Object.assign(new Error("EXDEV: the disks of the test"), { code: "EXDEV" });
      if (fileSystem.linkless?.where(to) === true) {
        const { code } = fileSystem.linkless;
        throw Object.assign(new Error(`${code}: the disk of the test, link '${from}' -> '${to}'`), { code });
      }
      const names = real.lstatSync(from, { throwIfNoEntry: false })?.nlink ?? 0;
      if (names >= fileSystem.namesMax && !isThere(to))
        throw Object.assign(new Error("EMLINK: the disk of the test"), { code: "EMLINK" });
      return take(room("link", to), () => real.linkSync(from, to));
    },
    statfsSync: (path: string) => {
      const stats = real.statfsSync(path);
      return Object.assign(stats, { type: fileSystem.linkless?.type ?? stats.type });
    },
    symlinkSync: (target: string, link: string) =>
      take(room("symlink", link), () => real.symlinkSync(target, link)),
    copyFileSync: (from: string, to: string, mode?: number) =>
      take(room("copy", to), () => real.copyFileSync(from, to, mode)),
    renameSync: (from: string, to: string) => take(change("rename", to), () => real.renameSync(from, to)),
    unlinkSync: (path: string) => take(change("unlink", path), () => real.unlinkSync(path)),
    rmdirSync: (path: string) => take(change("rmdir", path), () => real.rmdirSync(path)),
    rmSync: (path: string, options: Fs.RmOptions) =>
      take(change("rm", path), () => real.rmSync(path, options)),
    chmodSync: (path: string, mode: number) => take(change("chmod", path), () => real.chmodSync(path, mode)),
    lchownSync: (path: string, uid: number, gid: number) =>
      take(change("lchown", path), () => real.lchownSync(path, uid, gid)),
    utimesSync: (path: string, accessed: Date, modified: Date) =>
      take(change("utimes", path), () => real.utimesSync(path, accessed, modified)),
    futimesSync: (descriptor: number, accessed: Date, modified: Date) =>
      take(change("futimes", pathOfDescriptor(descriptor)), () =>
        real.futimesSync(descriptor, accessed, modified),
      ),
    ftruncateSync: (descriptor: number, length: number) =>
      take(change("ftruncate", pathOfDescriptor(descriptor)), () => real.ftruncateSync(descriptor, length)),
    fsyncSync: (descriptor: number) =>
      take(durable("fsync", pathOfDescriptor(descriptor)), () => real.fsyncSync(descriptor)),
    closeSync: (descriptor: number) => {
      const path = pathOfDescriptor(descriptor);
      real.closeSync(descriptor); // which frees the descriptor in any case
      take(durable("close", path), () => undefined);
    },
    readFileSync: (path: string, encoding?: BufferEncoding) =>
      take(look("read", path), () => real.readFileSync(path, { encoding: encoding ?? null })),
    createReadStream: (path: string, options?: Parameters<typeof Fs.createReadStream>[1]) => {
      const error = failureOf(look("read", path));
      const stream = real.createReadStream(path, options);
      return error === undefined ? stream : stream.destroy(error);
    },
    lstatSync: (path: Fs.PathLike, options: Fs.StatSyncOptions) =>
      looking("lstatSync")(foundName(real, path), options),
    statSync: looking("statSync"),
    readdirSync: looking("readdirSync"),
    readlinkSync: looking("readlinkSync"),
    realpathSync: looking("realpathSync"),
  };
  return { ...real, ...changed } as typeof Fs;
}

/** A machine may have none. */
export const coreutils = { areMissing: false };

/** Replaces execFile, which runs only `sync`. */
export function faultyFlush(
  command: string,
  args: readonly string[],
  done: (error: Error | null, stdout: string) => void,
): void {
  if (command !== "sync") throw new Error(`the tests of faults do not know ${command}`);
  if (coreutils.areMissing) {
    setImmediate(() =>
      done(Object.assign(new Error("spawn sync ENOENT"), { code: "ENOENT", syscall: "spawn sync" }), ""),
    );
    return;
  }
  const failure = failureOf(durable("syncfs", args.at(-1) ?? ""));
  const error = failure && Object.assign(new Error(`Command failed: sync\n${failure.message}`), { code: 1 });
  setImmediate(() => done(error ?? null, ""));
}
