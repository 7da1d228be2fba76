import type { MirrorSettings } from "../../support/index.ts";
import type { CaseSite } from "./case-site.ts";
import type { StateName } from "./repository.ts";

/** A server that does what no server should, and what a sync makes of it. */
export interface ServerCase {
  /** What the server does, in the words of the page. */
  readonly server: string;
  readonly sync: Ending;
  /** How often a file is asked for, where that matters. */
  readonly requests?: { readonly of: RequestedFile; readonly count: number };
  /** The pauses before requests are repeated, in milliseconds, where their length matters. */
  readonly waitsMs?: readonly number[];
  /** Upstream has no names by hash. */
  readonly withoutByHash?: true;
  /** Instead of a minute, a server is given a moment to go on. */
  readonly impatient?: true;
  /** Called when the mirror holds the old state and the server has the new one. */
  misbehave(site: CaseSite): Surroundings | Promise<Surroundings> | void;
}

/** What is particular about the sync. */
export interface Surroundings {
  /** Keys of the mirror beside the usual ones, or in their place. */
  readonly mirror?: MirrorSettings;
  readonly env?: Readonly<Record<string, string>>;
  /** All that went wrong, of what this case alone must keep to; called when the sync has ended. */
  readonly complaints?: (said: string) => readonly string[];
}

/** The mirror then shows a complete state of upstream, or else what it showed before. */
export type Ending =
  | {
      readonly kind: "completes";
      readonly state: StateName;
      readonly without?: Lack;
      readonly says?: readonly string[];
    }
  | { readonly kind: "fails"; readonly says: readonly string[] };

/** Files that upstream does not give. */
interface Lack {
  readonly files: RegExp;
  readonly inWords: string;
  /** Every sync asks for them again, also where Release has not changed. */
  readonly isAskedForAgain?: true;
}

export interface RequestedFile {
  /** In the words of the page. */
  readonly name: string;
  readonly path: string;
}

export const completes = (details: Omit<Ending & { kind: "completes" }, "kind" | "state"> = {}): Ending => ({
  kind: "completes",
  state: "new",
  ...details,
});

export const completesWithNewer: Ending = { kind: "completes", state: "newer" };

/** `says` stands in the log, and on the page, word for word. */
export const fails = (...says: readonly string[]): Ending => ({ kind: "fails", says });
