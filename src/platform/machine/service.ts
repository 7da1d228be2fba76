/** What systemd tells a program about its service, see systemd.exec(5). */
import { basename } from "node:path";
import { readBytesIfAny, statOpenFile } from "../look.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** A service of systemd, which has a process in a sandbox. */
export interface Service {
  readonly unit: string;
  /** Directories that it may write without any other setting. */
  readonly stateDirectories: readonly string[];
}

/** Returns the service of this process; undefined in a shell. */
export function findService(env: Env): Service | undefined {
  if ((env.INVOCATION_ID ?? "") === "") return undefined;
  const groups = readBytesIfAny("/proc/self/cgroup")?.toString("utf8") ?? "";
  const stateDirectories = (env.STATE_DIRECTORY ?? "").split(":").filter(Boolean);
  return { unit: unitIn(groups) ?? "mirrorctl-sync.service", stateDirectories };
}

/** Finds the unit in the lines of /proc/self/cgroup, see cgroups(7). Undefined in a container. */
export const unitIn = (groups: string): string | undefined =>
  groups
    .split("\n")
    .map((line) => basename(line))
    .find((name) => /^[^/\s]+\.service$/.test(name));

/** Returns true if an open file is a stream to the journal, which JOURNAL_STREAM names by device and inode. */
export function isJournal({ JOURNAL_STREAM: stream }: Env, descriptor: number): boolean {
  if (stream === undefined) return false;
  const { dev, ino } = statOpenFile(descriptor);
  return stream === `${dev}:${ino}`;
}
