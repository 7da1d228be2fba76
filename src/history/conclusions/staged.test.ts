import { expect, test } from "vitest";
import type { HistoryEntry } from "../entry.ts";
import { lastStaged } from "./staged.ts";

/** Lines from "S:a D:a", oldest first; "!" ends one that failed. */
function historyOf(text: string): readonly HistoryEntry[] {
  const entries = text.split(" ").map((step, index): HistoryEntry => {
    const name = step.slice(2).replace("!", "");
    const result = step.endsWith("!") ? "failed" : "done";
    const line = { at: new Date(index * 1000), mirror: "noble", who: "ada", result } as const;
    if (step.startsWith("D")) return { ...line, action: "delete", from: name };
    return { ...line, action: step.startsWith("S") ? "stage" : "promote", from: "z", to: name };
  });
  return entries.toReversed();
}

test.each([
  ["S:a S:b", 0],
  ["S:a S:b S:a", 2],
  ["S:b", undefined],
  ["P:a", undefined],
  ["S:a!", undefined],
  // A snapshot that is made under the name of one that was deleted is another one.
  ["S:a D:a", undefined],
  ["S:a D:a!", 0],
  ["S:a D:b", 0],
  ["S:a D:a S:a", 2],
])("after %j, a was last staged at %j (in seconds)", (steps, seconds) => {
  const staged = lastStaged(historyOf(steps), "a");
  expect(staged).toEqual(seconds === undefined ? undefined : { at: new Date(seconds * 1000), by: "ada" });
});
