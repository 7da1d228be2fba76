import * as v from "valibot";
import type { KeptTest } from "../../gates/index.ts";
import type { MirrorLayout } from "../../layout.ts";
import { parseJsonIfAny } from "../../platform/parse-json.ts";
import { gateDetail } from "../../report/json/gate-detail.ts";
import { readTestRecords, type Snapshot, writeTestRecord } from "../../snapshot/index.ts";
import type { Ports } from "../context.ts";
import { keep } from "./keep.ts";

/** Returns the kept tests of all snapshots. One that this version cannot read is as good as lost: its gates run again. */
export const readKeptTests = (layout: MirrorLayout): readonly KeptTest[] =>
  readTestRecords(layout).flatMap((text) => {
    const parsed = v.safeParse(keptTest, parseJsonIfAny(text));
    return parsed.success ? [parsed.output] : [];
  });

/** Writes the results beside the snapshot. If they cannot be written, that is a warning: the gates run again next time. */
export async function keepTest(
  ports: Ports<"layout" | "catalog" | "lockSnapshots" | "signal" | "emit">,
  { name }: Snapshot,
  test: KeptTest,
): Promise<void> {
  await keep(ports, name, async () => {
    if ((await ports.catalog.find(name)) === undefined) return; // it was deleted meanwhile
    writeTestRecord(ports.layout, name, `${JSON.stringify({ format: 1, ...test }, undefined, 2)}\n`);
  });
}

const time = v.pipe(
  v.string(),
  v.isoTimestamp(),
  v.transform((text) => new Date(text)),
);

const findings = {
  measured: v.optional(v.number()),
  details: v.array(gateDetail),
  more: v.number(),
};

const keptTest: v.GenericSchema<unknown, KeptTest> = v.object({
  format: v.literal(1),
  conditions: v.object({
    contents: v.string(),
    production: v.string(),
    beside: v.record(v.string(), v.string()),
  }),
  results: v.array(
    v.object({
      gate: v.string(),
      criterion: v.string(),
      allowed: v.optional(v.string()),
      verdict: v.variant("kind", [
        v.object({ kind: v.literal("passed"), until: v.optional(time), ...findings }),
        v.object({ kind: v.literal("failed"), ...findings }),
        v.object({ kind: v.literal("not-yet"), until: v.optional(time), ...findings }),
        v.object({
          kind: v.literal("not-applicable"),
          because: v.picklist(["nothing-in-production", "no-valid-until", "exempt"]),
        }),
      ]),
      seconds: v.number(),
      at: time,
    }),
  ),
});
