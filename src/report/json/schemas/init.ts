import * as v from "valibot";
import { count, described, list, maybe, message, texts } from "./shapes.ts";
import { dryRunAnswer } from "./sync.ts";

const line = described(count, "of what --from names");

const note = v.variant("kind", [
  v.object({ kind: v.literal("entry-disabled"), line, message }),
  v.object({ kind: v.literal("method-unsupported"), line, uris: texts, message }),
  v.object({ kind: v.literal("option-left-out"), line, option: v.string(), message }),
  v.object({ kind: v.literal("trust-left-out"), line, option: v.string(), message }),
  v.object({ kind: v.literal("keys-unnamed"), line, message }),
  v.object({ kind: v.literal("several-urls"), line, message }),
  v.object({ kind: v.literal("keyring-missing"), path: v.string(), package: v.string(), message }),
]);

/** `mirrorctl init --json` */
export const initAnswer = v.object({
  path: described(v.string(), "the file that was written"),
  config: described(v.string(), "the main file of its configuration"),
  text: v.string(),
  written: described(v.boolean(), "false with --print"),
  keyFiles: described(texts, "the keys that are kept beside it"),
  mirrors: described(texts, "their ids"),
  notes: list(note),
  estimates: maybe(described(dryRunAnswer, "absent with --print and --no-estimate")),
});

export type InitAnswer = v.InferOutput<typeof initAnswer>;
