import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { hasCode } from "../../errors.ts";
import type { Service } from "./service.ts";
import type { Owner } from "./users.ts";

/** Sends a signal to all processes of a group, see kill(2). Throws ESRCH if there is none. */
export type SignalGroup = (groupId: number, name: "SIGTERM" | "SIGKILL") => void;

/** What all runs of a process share of its surroundings. */
export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeDir: string;
  /** The directory for temporary files. */
  readonly tempDir: string;
  /** The effective user id. */
  readonly uid: number;
  readonly pid: number;
  /** Gives up root's rights for those of another user, for good; only root may. See credentials(7). */
  readonly becomeUser: (user: Owner) => void;
  /** Ends programs that a run has started. */
  readonly signalGroup: SignalGroup;
  readonly now: () => Date;
  /** Waits; rejects with the signal's own reason once it is aborted. */
  readonly pause: (waitMs: number, signal: AbortSignal) => Promise<void>;
}

/** The surroundings of one command line; made by `main.ts`. */
export interface Host extends Machine {
  /** The user for the history: the person behind sudo, if any. */
  readonly who: string;
  /** Aborted by SIGINT, SIGTERM and SIGHUP, with Interrupted as the reason. */
  readonly signal: AbortSignal;
  /** Keeps the memory of the process small from now on. */
  readonly limitHeap: () => Promise<void>;
  /** The service of systemd that this is, if any. */
  readonly service?: Service | undefined;
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
}

export interface Input {
  readonly isTerminal: boolean;
  /** Returns the next line; undefined at the end. Rejects with the signal's own reason once it is aborted. */
  readonly readLine: (signal: AbortSignal) => Promise<string | undefined>;
}

export interface Output {
  readonly isTerminal: boolean;
  /** The journal of systemd reads it. */
  readonly isJournal?: boolean;
  readonly columns: number;
  /** Calls back when the size of the terminal changes. Returns a function that ends this. */
  readonly onResize?: (callback: () => void) => () => void;
  readonly write: (text: string) => void;
}

/** Returns the absolute path of a command: found by PATH, unless the name is a path already. */
export function findCommand(name: string, path: string | undefined): string | undefined {
  if (name.startsWith("/")) return isExecutable(name) ? name : undefined;
  return (path ?? "")
    .split(delimiter)
    .filter((directory) => directory.startsWith("/"))
    .map((directory) => join(directory, name))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch (error) {
    if (hasCode(error, "ENOENT", "EACCES", "ENOTDIR")) return false;
    throw error;
  }
}
