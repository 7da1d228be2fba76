import * as v from "valibot";
import { gateDetail } from "../gate-detail.ts";
import { count, described, list, maybe, message, mirrorId, snapshotName, texts, time } from "./shapes.ts";

export const verdictKind = v.picklist(["passed", "failed", "not-yet", "not-applicable"]);

/** `mirrorctl snapshot test --json` */
export const snapshotTestAnswer = v.object({
  schema: v.literal("mirrorctl.test/1"),
  mirror: mirrorId,
  snapshot: snapshotName,
  verdict: described(
    verdictKind,
    "of all gates together; with failed or not-yet the snapshot is not promoted",
  ),
  gates: list(
    v.object({
      gate: described(v.string(), "as in the configuration"),
      verdict: verdictKind,
      measured: maybe(described(v.number(), "in the unit of the gate's limit; durations in milliseconds")),
      until: maybe(
        described(time, "not-yet: when the gate may pass; passed: when it ceases to pass; if that is known"),
      ),
      seconds: v.number(),
      at: described(time, "when the gate ran; before this test if its verdict is still valid"),
      details: described(list(v.object({ fact: gateDetail, message })), "what the gate found, at most 100"),
      more: described(count, "how many details are left out"),
      text: described(
        v.object({ measured: v.string(), allowed: v.string(), todo: texts }),
        "the same in words, and what to do about it; words may change",
      ),
    }),
  ),
});

export type SnapshotTestAnswer = v.InferOutput<typeof snapshotTestAnswer>;

/** `mirrorctl snapshot approve --json` */
export const snapshotApproveAnswer = v.object({ mirror: mirrorId, approved: snapshotName });

export type SnapshotApproveAnswer = v.InferOutput<typeof snapshotApproveAnswer>;
