import type { MirrorSettings } from "../../support/index.ts";
import type { CaseSite } from "./case-site.ts";
import type { StateName } from "./repository.ts";

/** A misbehaving server, and the expected result of a sync. */
export interface ServerCase {
  /** What the server does, in the words of the page. */
  readonly server: string;
  readonly sync: Ending;
  /** The expected number of requests for a file, if it matters. */
  readonly requests?: { readonly of: RequestedFile; readonly count: number };
  /** The pauses before requests are repeated, in milliseconds, if their length matters. */
  readonly waitsMs?: readonly number[];
  /** Upstream has no names by hash. */
  readonly withoutByHash?: true;
  /** Shortens the patience with a silent server from a minute to a moment. */
  readonly impatient?: true;
  /** Called when the mirror has the old state and the server the new one. */
  misbehave(site: CaseSite): Surroundings | Promise<Surroundings> | void;
}

/** Options of the sync. */
export interface Surroundings {
  /** Keys of the mirror, added to the usual ones or replacing them. */
  readonly mirror?: MirrorSettings;
  readonly env?: Readonly<Record<string, string>>;
  /** Returns the violations of rules that only this case has. Called when the sync has ended. */
  readonly complaints?: (said: string) => readonly string[];
}

/** How the sync ends. The mirror then shows a complete state of upstream, or else its previous state. */
export type Ending =
  | {
      readonly kind: "completes";
      readonly state: StateName;
      readonly without?: Lack;
      readonly says?: readonly string[];
    }
  | { readonly kind: "fails"; readonly says: readonly string[] };

/** Files that upstream does not serve. */
interface Lack {
  readonly files: RegExp;
  readonly inWords: string;
  /** Every sync requests them again, even if Release has not changed. */
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

/** `says` is in the log and on the page, word for word. */
export const fails = (...says: readonly string[]): Ending => ({ kind: "fails", says });
