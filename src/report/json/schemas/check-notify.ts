import * as v from "valibot";
import { described, list, maybe } from "./shapes.ts";

/** `mirrorctl check notify --json` */
export const checkNotifyAnswer = list(
  v.object({
    to: described(v.string(), "the type of the [[notify]] table, and its number"),
    sent: v.boolean(),
    problem: maybe(described(v.string(), "why the message was not taken")),
  }),
);

export type CheckNotifyAnswer = v.InferOutput<typeof checkNotifyAnswer>;
