import type { Host } from "../platform/host.ts";
import type { GlobalFlags } from "./flags.ts";
import type { Session } from "./session.ts";

/** An exit status, or nothing for success. */
type Status = number | undefined | void;

/** How a command's file hands its work over: with the configuration read, or without. */
export interface CommandHost {
  readonly host: Host;
  readonly run: (work: (host: Host, flags: GlobalFlags) => Status | Promise<Status>) => () => Promise<void>;
  readonly runSession: (work: (session: Session) => Status | Promise<Status>) => () => Promise<void>;
}
