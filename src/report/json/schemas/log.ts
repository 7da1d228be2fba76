import * as v from "valibot";
import type { RunEvent } from "../../events.ts";
import { logLevels } from "../../levels.ts";
import { loggedTypes } from "../../words/messages/index.ts";
import type { ProgressReport } from "../progress-lines.ts";
import { bytes, count, described, maybe, mirrorId, texts, time } from "./shapes.ts";

const runTypes = [
  "sync-ended",
  "history-newer",
  "metrics-unwritten",
  "next-step",
  "notification-sent",
  "notification-unsent",
  "notifications-dropped",
  "notifications-unkept",
  "notifications-failed",
] satisfies readonly RunEvent["type"][];
const types = [...loggedTypes, ...runTypes, "progress" satisfies ProgressReport["type"]].toSorted();

/** A line of the log with --json or `[log] format = "json"`. */
export const logLine = described(
  v.looseObject({
    time,
    level: v.picklist(logLevels),
    message: described(v.string(), "in words, for people; words may change"),
    type: maybe(described(v.picklist(types), "what happened; its facts are beside it")),
    mirror: maybe(mirrorId),
    items: maybe(described(texts, "everything that an error lists")),
    below: maybe(described(texts, "what belongs below the message: what it lists, and what to do")),
  }),
  "one object a line",
);

/** A line of such a log: a mirror has at most one in a second, and one at the end of each transfer. */
export const progressLine = described(
  v.object({
    time,
    level: v.literal("info"),
    message: described(v.string(), "in words, for people; words may change"),
    type: v.literal("progress"),
    mirror: mirrorId,
    kind: described(v.picklist(["download", "reading"]), "reading: a verification reads what is on disk"),
    files: described(count, "of the whole transfer"),
    sizeBytes: described(bytes, "of the whole transfer"),
    filesDone: count,
    bytesDone: described(bytes, "with files that are not complete yet"),
    elapsedMs: described(v.number(), "since the transfer began"),
  }),
  "how far a mirror is; the last line of a transfer has what was done",
);
