import type { MirrorContext } from "../../context.ts";
import type { RepairSource } from "../../sync/index.ts";
import type { Damage } from "../checks/findings.ts";
import type { Verification } from "../checks/verification.ts";
import type { Quarantine } from "../quarantine.ts";
import type { RepairOutcome } from "./outcome.ts";

/** What a repair has beyond a verification. */
export interface Repair {
  readonly verification: Verification;
  /** All whose trees may share files with those of the mirror, itself among them; the caller holds their locks. */
  readonly mirrors: readonly MirrorContext[];
  readonly guard: Quarantine;
  readonly source: RepairSource;
}

/** What came of each damage; of one that is no longer there, nothing. */
export type Outcomes = Map<Damage, RepairOutcome>;
