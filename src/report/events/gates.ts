/** Tests of snapshots. */
import type { GateName, GateResult } from "../../gates/index.ts";

export type GateEvent =
  | { readonly type: "test-started"; readonly name: string; readonly gates: number }
  | { readonly type: "gate-started"; readonly name: string; readonly gate: GateName }
  | { readonly type: "gate-ended"; readonly name: string; readonly result: GateResult }
  | { readonly type: "snapshot-approved"; readonly name: string; readonly by: string }
  /** The results could not be written beside the snapshot: its gates run again next time. */
  | { readonly type: "test-unkept"; readonly name: string; readonly reason: string };
