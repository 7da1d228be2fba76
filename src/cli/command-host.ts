import type { Command } from "commander";
import type { Host } from "../platform/machine/host.ts";
import type { GlobalFlags } from "./flags.ts";
import type { Session } from "./session.ts";

/** An exit status; nothing for success. */
type Status = number | undefined | void;

/** Runs the work of a command: with the configuration, for the mirrors named, or without. */
export interface CommandHost {
  readonly run: (work: (host: Host, flags: GlobalFlags) => Status | Promise<Status>) => Promise<void>;
  readonly runSession: (
    ids: readonly string[],
    work: (session: Session) => Status | Promise<Status>,
  ) => Promise<void>;
  readonly stdin: Host["stdin"];
  /** Returns the program with all of its commands defined. */
  readonly wholeProgram: () => Promise<Command>;
}
