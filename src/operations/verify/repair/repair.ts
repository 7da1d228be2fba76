import type { MirrorContext } from "../../context.ts";
import type { SyncContext } from "../../sync/index.ts";
import type { Damage } from "../findings.ts";
import type { NewTreesGuard } from "../new-trees-guard.ts";
import type { Verification } from "../verification.ts";
import type { RepairOutcome } from "./outcome.ts";

/** What a repair has beyond a verification. */
export interface Repair {
  readonly verification: Verification;
  /** All whose trees may share files with those of the mirror, itself among them; the caller holds their locks. */
  readonly mirrors: readonly MirrorContext[];
  readonly guard: NewTreesGuard;
  readonly sync: SyncContext;
}

/** What came of each damage; of one that is no longer there, nothing. */
export type Outcomes = Map<Damage, RepairOutcome>;
