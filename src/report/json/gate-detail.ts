import * as v from "valibot";
import { changeKinds } from "../../changes/index.ts";
import type { Detail } from "../../gates/index.ts";
import { causeWith } from "./schemas/cause.ts";
import { described } from "./schemas/shapes.ts";

const cause = causeWith({});
const machine = { machine: described(v.string(), "such as amd64, or a variant such as amd64v3") };

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
  v.object({ kind: v.literal("apt-says"), machine: text, line: text }),
  v.object({
    kind: v.literal("upgrade-loss"),
    profile: text,
    loss: v.picklist(["removed", "kept-back", "downgraded"]),
    name: text,
    version: text,
    offered: ifAny,
  }),
  v.object({
    kind: v.literal("too-young"),
    name: text,
    version: text,
    architecture: text,
    source: text,
    firstSeen: text,
    oldEnoughFrom: text,
    isAhead: v.boolean(),
  }),
  v.object({
    kind: v.literal("command"),
    position: v.number(),
    program: text,
    end: v.picklist(["passed", "failed", "not-yet", "timed-out", "killed", "not-started"]),
    status: text,
    output: text,
  }),
  v.object({ kind: v.literal("approval"), by: text, at: text, counts: v.boolean() }),
  v.object({
    kind: v.literal("uninstallable"),
    ...machine,
    name: text,
    version: text,
    isNew: described(v.boolean(), "not in production, so that nothing got worse"),
    isIgnored: described(v.boolean(), "ignore names it"),
    cause: v.optional(cause),
    change: v.optional(
      described(
        v.object({
          kind: v.picklist(changeKinds),
          name: text,
          architecture: text,
          before: ifAny,
          after: ifAny,
          role: v.picklist(["needs", "offered", "excludes", "differs"]),
          relation: text,
        }),
        "the change of another package, or its own, that it cannot be installed for",
      ),
    ),
    alsoBreaks: v.optional(described(v.number(), "how many more packages the same change breaks")),
  }),
  v.object({ kind: v.literal("not-together"), ...machine, cause }),
  v.object({
    kind: v.literal("undetermined"),
    ...machine,
    name: ifAny,
    version: ifAny,
  }),
]);
