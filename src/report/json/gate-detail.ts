import * as v from "valibot";
import type { Detail } from "../../gates/index.ts";

const text = v.string();
const ifAny = v.optional(v.string());

/** The details of verdicts: for the JSON of `snapshot test`, and to read kept results again. */
export const gateDetail: v.GenericSchema<Detail> = v.variant("kind", [
  v.object({ kind: v.literal("problem"), reason: text, hint: ifAny }),
  v.object({ kind: v.literal("damaged-file"), path: text, reason: text }),
  v.object({ kind: v.literal("package-missing"), name: text }),
  v.object({
    kind: v.literal("packages-removed"),
    architecture: text,
    before: v.number(),
    removed: v.number(),
    names: v.array(text),
  }),
  v.object({ kind: v.literal("downgraded"), name: text, architecture: text, before: text, after: text }),
  v.object({
    kind: v.literal("changed-bytes"),
    name: text,
    version: text,
    architecture: text,
    suite: text,
    before: text,
    after: text,
  }),
  v.object({ kind: v.literal("release-renamed"), suite: text, field: text, before: ifAny, after: ifAny }),
  v.object({ kind: v.literal("release-date"), suite: text, date: ifAny }),
  v.object({ kind: v.literal("valid-until"), suite: text, validUntil: text }),
  v.object({ kind: v.literal("staged"), since: text, until: ifAny }),
  v.object({ kind: v.literal("never-staged") }),
  v.object({
    kind: v.literal("command"),
    position: v.number(),
    program: text,
    end: v.picklist(["passed", "failed", "not-yet", "timed-out", "killed", "not-started"]),
    status: text,
    output: text,
  }),
  v.object({ kind: v.literal("approval"), by: text, at: text, counts: v.boolean() }),
]);
