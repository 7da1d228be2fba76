import * as v from "valibot";
import type { Detail } from "../../gates/index.ts";

/** The details of verdicts: for the JSON of `snapshot test`, and to read kept results again. */
export const gateDetail: v.GenericSchema<Detail> = v.variant("kind", [
  v.object({ kind: v.literal("problem"), reason: v.string(), hint: v.optional(v.string()) }),
  v.object({ kind: v.literal("damaged-file"), path: v.string(), reason: v.string() }),
  v.object({ kind: v.literal("package-missing"), name: v.string() }),
]);
