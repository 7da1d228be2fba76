import * as v from "valibot";
import type { RunEvent } from "../../events.ts";
import { logLevels } from "../../levels.ts";
import { loggedTypes } from "../../words/messages/index.ts";
import { described, maybe, mirrorId, texts, time } from "./shapes.ts";

const runTypes = ["sync-ended", "history-newer", "next-step"] satisfies readonly RunEvent["type"][];
const types = [...loggedTypes, ...runTypes].toSorted();

/** A line of the log with `[log] format = "json"`, and of the errors of a command with --json. */
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
