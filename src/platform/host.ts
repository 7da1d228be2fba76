import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { hasCode } from "../errors.ts";
import type { Owner } from "./users.ts";

/** What the process is told by its surroundings; made by `main.ts`, handed to everything else. */
export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeDir: string;
  /** Where temporary files belong. */
  readonly tempDir: string;
  /** Who runs it, for the history: the person behind sudo where there is one. */
  readonly who: string;
  /** The effective user id. */
  readonly uid: number;
  readonly pid: number;
  /** Gives up root's rights for those of another user, for good; only root may. See credentials(7). */
  readonly becomeUser: (user: Owner) => void;
  /** Aborted by SIGINT, SIGTERM and SIGHUP, with Interrupted as the reason. */
  readonly signal: AbortSignal;
  readonly now: () => Date;
  /** Waits; rejects with the signal's own reason once it is aborted. */
  readonly pause: (waitMs: number, signal: AbortSignal) => Promise<void>;
  readonly stdout: Output;
  readonly stderr: Output;
}

export interface Output {
  readonly isTerminal: boolean;
  readonly columns: number;
  /** Calls back whenever the terminal has another size. Returns how to stop that. */
  readonly onResize?: (callback: () => void) => () => void;
  readonly write: (text: string) => void;
}

/** The absolute path of a command that PATH leads to. */
export function findCommand(name: string, path: string | undefined): string | undefined {
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
