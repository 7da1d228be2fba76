import { hasCode } from "../../errors.ts";
import { deviceAndInodeIfAny, readBytesIfAny, readTextFile, statLinkIfAny } from "../files.ts";

/** Who takes a lock, and for what. */
export interface LockHolder {
  readonly who: string;
  readonly verb: string;
  readonly pid: number;
}

/** The text of the file beside the lock; the next process that wants the lock quotes it. */
export const formatLockHolder = ({ who, verb, pid }: LockHolder): string =>
  `${who}: ${verb} (process ${pid})`;

/** Undefined for what is not of that form. */
export function parseLockHolder(text: string): LockHolder | undefined {
  const parts = /^(?<who>.*): (?<verb>.*) \(process (?<pid>\d+)\)$/.exec(text.trim())?.groups;
  if (parts === undefined) return undefined;
  return { who: parts.who ?? "", verb: parts.verb ?? "", pid: Number(parts.pid) };
}

export type LockState =
  | { readonly kind: "free" }
  | {
      readonly kind: "held";
      /** As the kernel has it. */
      readonly pid: number;
      /** Who that is, and since when; undefined where the file beside the lock names another process. */
      readonly holder: (LockHolder & { readonly since: Date }) | undefined;
    }
  /** This user, or this system, cannot tell. */
  | { readonly kind: "unknown"; readonly reason: string };

/**
 * Looks whether a lock of `acquireLock` is held, without opening its file: a reader that asks SQLite takes a lock itself
 * for a moment, and would get in the way of others. The kernel lists the locks of all processes that this one can see.
 * Neither a `.holder` file that a killed process left nor a process id in use again is taken for a lock.
 */
export function readLockState(path: string): LockState {
  try {
    const file = deviceAndInodeIfAny(path);
    if (file === undefined) return { kind: "free" };
    const holder = readHolder(`${path}.holder`);
    const pid = findWriter(readTextFile("/proc/locks"), file, holder?.pid);
    if (pid === undefined) return { kind: "free" };
    return { kind: "held", pid, holder: holder?.pid === pid ? holder : undefined };
  } catch (error) {
    if (!hasCode(error, "EACCES", "EPERM", "ENOENT")) throw error;
    return { kind: "unknown", reason: error.message };
  }
}

function readHolder(path: string): (LockHolder & { readonly since: Date }) | undefined {
  const holder = parseLockHolder(readBytesIfAny(path)?.toString("utf8") ?? "");
  const since = statLinkIfAny(path)?.mtime;
  return holder === undefined || since === undefined ? undefined : { ...holder, since };
}

/**
 * The process that holds a write lock of SQLite's on a file, from the lines of proc_locks(5). On btrfs and overlayfs the
 * device there is another than that of stat(2): then the process has to be the one that is expected.
 */
export function findWriter(
  locks: string,
  { device, inode }: { readonly device: bigint; readonly inode: bigint },
  expectedPid: number | undefined,
): number | undefined {
  const writers = locks.split("\n").flatMap((line) => {
    const lock = lockLine.exec(line)?.groups;
    if (lock === undefined || lock.inode !== String(inode) || !coversPendingByte(lock)) return [];
    return [{ pid: Number(lock.pid), isOnDevice: lock.device === deviceText(device) }];
  });
  return (writers.find(({ isOnDevice }) => isOnDevice) ?? writers.find(({ pid }) => pid === expectedPid))
    ?.pid;
}

/** "2: POSIX  ADVISORY  WRITE 1234 fe:00:9986156 1073741824 1073742335"; "->" marks those that wait. */
const lockLine =
  /^\d+: POSIX +\w+ +WRITE +(?<pid>\d+) +(?<device>[0-9a-f]+:[0-9a-f]+):(?<inode>\d+) +(?<start>\d+) +(?<end>\d+|EOF)$/;

/** SQLite's PENDING_BYTE: an exclusive transaction locks it, and the bytes behind it. */
const pendingByte = 0x40000000;

const coversPendingByte = ({ start, end }: Readonly<Record<string, string>>): boolean =>
  Number(start) <= pendingByte && (end === "EOF" || Number(end) >= pendingByte);

/** Major and minor number, as makedev(3) puts them together, in the form of that file. */
function deviceText(device: bigint): string {
  const major = ((device >> 8n) & 0xfffn) | ((device >> 32n) & ~0xfffn);
  const minor = (device & 0xffn) | ((device >> 12n) & ~0xffn);
  return [major, minor].map((number) => number.toString(16).padStart(2, "0")).join(":");
}
