import { hasCode } from "../../errors.ts";
import { deviceAndInodeIfAny, readBytesIfAny, readTextFile, statLinkIfAny } from "../look.ts";

/** The user and the verb that a lock is for. */
export interface LockHolder {
  readonly who: string;
  readonly verb: string;
  readonly pid: number;
}

/** Returns the text of the file beside the lock; the message of the next process quotes it. */
export const formatLockHolder = ({ who, verb, pid }: LockHolder): string =>
  `${who}: ${verb} (process ${pid})`;

/** Returns undefined for a text of another form. */
export function parseLockHolder(text: string): LockHolder | undefined {
  const parts = /^(?<who>.*): (?<verb>.*) \(process (?<pid>\d+)\)$/.exec(text.trim())?.groups;
  if (parts === undefined) return undefined;
  return { who: parts.who ?? "", verb: parts.verb ?? "", pid: Number(parts.pid) };
}

export type LockState =
  | { readonly kind: "free" }
  | {
      readonly kind: "held";
      /** From the kernel. */
      readonly pid: number;
      /** Undefined if the file beside the lock names another process. */
      readonly holder: (LockHolder & { readonly since: Date }) | undefined;
    }
  /** This user may not look, or the system does not list locks. */
  | { readonly kind: "unknown"; readonly reason: string };

/** Returns the locks of all processes, as proc_locks(5) lists them. */
export type ReadLocks = () => string;

export const readKernelLocks: ReadLocks = () => readTextFile("/proc/locks");

/** Reads them once, when they are first asked for: on a busy machine the kernel takes up to 60 ms for a reading. */
export function readKernelLocksOnce(): ReadLocks {
  let locks: string | undefined;
  return () => (locks ??= readKernelLocks());
}

/**
 * Reads whether a lock of `acquireLock` is held, without opening its file: a reader that asks SQLite takes a lock itself
 * for a moment, which could block another process. The kernel lists the locks of all processes that this one can see. A
 * `.holder` file of a killed process, or a reused process id, does not count as a lock.
 */
export function readLockState(path: string, readLocks: ReadLocks = readKernelLocks): LockState {
  try {
    const file = deviceAndInodeIfAny(path);
    if (file === undefined) return { kind: "free" };
    const holder = readHolder(`${path}.holder`);
    const pid = findWriter(readLocks(), file, holder?.pid);
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
 * Finds the process that holds SQLite's write lock on a file, in the lines of proc_locks(5). On btrfs and overlayfs the
 * device there differs from that of stat(2): then only the expected process counts.
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

/** "2: POSIX  ADVISORY  WRITE 1234 fe:00:9986156 1073741824 1073742335"; "->" marks processes that wait. */
const lockLine =
  /^\d+: POSIX +\w+ +WRITE +(?<pid>\d+) +(?<device>[0-9a-f]+:[0-9a-f]+):(?<inode>\d+) +(?<start>\d+) +(?<end>\d+|EOF)$/;

/** SQLite's PENDING_BYTE: an exclusive transaction locks it, and the bytes behind it. */
const pendingByte = 0x40000000;

const coversPendingByte = ({ start, end }: Readonly<Record<string, string>>): boolean =>
  Number(start) <= pendingByte && (end === "EOF" || Number(end) >= pendingByte);

/** Returns the major and minor number of makedev(3) in the form of that file. */
function deviceText(device: bigint): string {
  const major = ((device >> 8n) & 0xfffn) | ((device >> 32n) & ~0xfffn);
  const minor = (device & 0xffn) | ((device >> 12n) & ~0xffn);
  return [major, minor].map((number) => number.toString(16).padStart(2, "0")).join(":");
}
