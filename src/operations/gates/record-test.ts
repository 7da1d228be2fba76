import { refuses, type SnapshotTest } from "../../gates/index.ts";
import { allowedText } from "../../report/words/gates/gate-words.ts";
import type { Ports } from "../context.ts";

/** Writes a line of the history with the verdict of each gate. */
export async function recordTest(
  { record }: Ports<"record">,
  { snapshot, verdict, results }: SnapshotTest,
): Promise<void> {
  await record({
    action: "test",
    result: refuses(verdict) ? "failed" : "done",
    to: snapshot,
    details: {
      kind: "tested",
      verdict,
      gates: results.map((result) => ({
        gate: result.criterion.gate,
        verdict: result.verdict.kind,
        measured: "measured" in result.verdict ? result.verdict.measured : undefined,
        allowed: allowedText(result.criterion),
        seconds: result.seconds,
      })),
    },
  });
}
