import { expect, test } from "vitest";
import type { HistoryEntry } from "../entry.ts";
import { lastStagedPeriod } from "./staged-period.ts";

/**
 * Lines from "C:a=1 S:a D:a U", newest first as the history has them: a snapshot is created with contents, staged, or
 * deleted; staging is unlinked. Each is a second later.
 */
function historyOf(text: string): readonly HistoryEntry[] {
  const entries = text.split(" ").map((step, index): HistoryEntry => {
    const [verb, rest = ""] = step.split(":");
    const [name = "", contents] = rest.split("=");
    const line = { at: new Date(index * 1000), mirror: "noble", who: "ada", result: "done" } as const;
    if (verb === "C") return { ...line, action: "create", to: name, details: { kind: "created", contents } };
    if (verb === "S") return { ...line, action: "stage", to: name };
    if (verb === "D") return { ...line, action: "delete", from: name };
    return { ...line, action: "unlink", details: { kind: "unlinked", link: "staging" } };
  });
  return entries.toReversed();
}

const seconds = (time: Date | undefined): number | undefined => time && time.getTime() / 1000;

test.each<[string, readonly [since: number, until?: number] | undefined]>([
  ["C:a=1 S:a", [1]],
  ["C:a=1", undefined],
  // Another one of the same contents goes on; the first may be deleted.
  ["C:a=1 S:a C:b=1 S:b D:a", [1]],
  // Something else ends the time, and it starts again after that.
  ["C:a=1 S:a C:x=2 S:x", [1, 3]],
  ["C:a=1 S:a C:x=2 S:x S:a", [4]],
  ["C:a=1 S:a U", [1, 2]],
  ["C:a=1 S:a D:a", [1, 2]],
  // A staged snapshot that is replaced under its name has other contents.
  ["C:a=1 S:a C:a=2", [1, 2]],
  ["C:a=2 S:a C:a=1", [2]],
])("%s: %j", (text, expected) => {
  const period = lastStagedPeriod(historyOf(text), { name: "a", contents: "1" });
  expect(
    period && [seconds(period.since), seconds(period.until)].filter((time) => time !== undefined),
  ).toEqual(expected);
});

test("goes by the name of a snapshot whose contents are not known", () => {
  const entries = historyOf("C:a S:a C:b S:b S:a");
  expect(lastStagedPeriod(entries, { name: "a", contents: undefined })?.since).toEqual(new Date(4000));
});
