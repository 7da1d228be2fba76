import type { Suite } from "../../../repository/index.ts";
import type { LookContext } from "../sync-context.ts";
import type { HeldSuite } from "./held-suite.ts";

/** What is needed to download and verify Releases. */
export type ReleasePorts = Pick<
  LookContext,
  "mirror" | "upstream" | "pause" | "signal" | "now" | "emit" | "invokerFiles" | "pgpCheck"
>;

/** The same for one suite, and what is held of it. */
export interface SuiteContext extends ReleasePorts {
  readonly suite: Suite;
  readonly held: HeldSuite;
}
