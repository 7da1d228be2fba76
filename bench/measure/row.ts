import type { Stage } from "../stage/stage.ts";
import type { Server } from "../upstream/server.ts";
import type { Command } from "./run-measured.ts";

/** Who is measured in a row. */
export interface Contestant {
  readonly name: string;
  /** Makes ready for the next run, unmeasured. */
  readonly prepare?: () => void | Promise<void>;
  /** What is measured; called once for each run. */
  readonly command: () => Command;
  /** Is measured in the first round only: what takes ten times as long as the others. */
  readonly once?: boolean;
}

/** One piece of work, which all contestants do. */
export interface Row {
  readonly work: string;
  readonly contestants: readonly Contestant[];
  /** The contestant to which the others are compared; the first, if unset. */
  readonly reference?: string;
  /** Counts requests, if the work makes any. */
  readonly server?: Server;
  /** How many rounds for each configured run: more for what takes milliseconds. */
  readonly rounds?: number;
  /** Happens before each round, unmeasured. */
  readonly beforeRound?: () => Promise<void>;
  readonly afterwards?: () => void | Promise<void>;
}

/** Rows that share a table of the page, and can be selected by `name`. */
export interface Group {
  readonly name: string;
  readonly title: string;
  /** Says what the work is, and what the contestants leave out. */
  readonly says: string;
  /** Sets up each row when the one before has ended. */
  readonly rows: (stage: Stage) => AsyncIterable<Row>;
}
