import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { HistoryEntry } from "../entry.ts";
import { foldUnchanged } from "./fold.ts";

/** From "n:sync n:sync! j:sync", oldest first: mirror and action; "!" is one that changed something. */
function entriesOf(text: string): readonly HistoryEntry[] {
  return text
    .split(" ")
    .filter((step) => step !== "")
    .map((step, index): HistoryEntry => {
      const [mirror = "", action = ""] = step.replace("!", "").split(":");
      const result = step.endsWith("!") ? "done" : "unchanged";
      return { at: new Date(index), mirror, action, who: "ada", result };
    })
    .toReversed();
}

/** Newest first: "mirror:action xCOUNT newest-oldest". */
const folded = (entries: readonly HistoryEntry[]): readonly string[] =>
  foldUnchanged(entries).map(
    ({ entry, count, since }) =>
      `${entry.mirror}:${entry.action} x${count} ${entry.at.getTime()}-${since.getTime()}`,
  );

test.each([
  ["", []],
  ["n:sync", ["n:sync x1 0-0"]],
  ["n:sync n:sync n:sync", ["n:sync x3 2-0"]],
  ["n:sync n:sync! n:sync n:sync", ["n:sync x2 3-2", "n:sync x1 1-1", "n:sync x1 0-0"]],
  ["n:sync! n:sync!", ["n:sync x1 1-1", "n:sync x1 0-0"]],
  // Mirrors take turns.
  ["n:sync j:sync n:sync j:sync", ["j:sync x2 3-1", "n:sync x2 2-0"]],
  // What happened to the mirror in between stays in its place.
  ["n:sync n:promote! n:sync", ["n:sync x1 2-2", "n:promote x1 1-1", "n:sync x1 0-0"]],
  ["n:sync j:promote! n:sync", ["n:sync x2 2-0", "j:promote x1 1-1"]],
  ["n:sync n:verify n:verify", ["n:verify x2 2-1", "n:sync x1 0-0"]],
])("of %j it makes %j", (steps, lines) => {
  expect(folded(entriesOf(steps))).toEqual(lines);
});

test("folds syncs that found nothing new, however long they took", () => {
  const entries = entriesOf("n:sync n:sync n:sync").map((entry, index): HistoryEntry => {
    const details = { kind: "synced", elapsedMs: index, files: 0, sizeBytes: 0 } as const;
    return index === 2 ? entry : { ...entry, details }; // the last is of an earlier build
  });
  expect(folded(entries)).toEqual(["n:sync x3 2-0"]);
});

test("does not fold what two people did", () => {
  const [newer, older] = entriesOf("n:sync n:sync");
  if (newer === undefined || older === undefined) throw new Error("two entries");
  expect(folded([{ ...newer, who: "bob" }, older])).toHaveLength(2);
});

/** Returns how many lines two repairs make. */
const linesOf = (...repairs: readonly (readonly string[])[]): number => {
  const entries = entriesOf("n:verify n:verify").map((entry, index): HistoryEntry => {
    const repairedPaths = repairs[index] ?? [];
    return { ...entry, details: { kind: "repair-shared", from: "one", repaired: 1, repairedPaths } };
  });
  return foldUnchanged(entries).length;
};

test("folds entries of equal details, and no others", () => {
  expect(linesOf(["a"], ["a"])).toBe(1);
  expect(linesOf(["a"], ["b"])).toBe(2);
});

test("puts every entry into one line, and folds only entries that changed nothing", () => {
  const anyStep = fc.tuple(
    fc.constantFrom("n", "j"),
    fc.constantFrom("sync", "verify", "promote"),
    fc.constantFrom("", "!"),
  );
  fc.assert(
    fc.property(fc.array(anyStep), (steps) => {
      const entries = entriesOf(steps.map(([mirror, action, end]) => `${mirror}:${action}${end}`).join(" "));
      const lines = foldUnchanged(entries);
      expect(lines.reduce((sum, { count }) => sum + count, 0)).toBe(entries.length);
      const changes = lines.flatMap(({ entry }) => (entry.result === "done" ? [entry] : []));
      expect(changes).toEqual(entries.filter(({ result }) => result === "done"));
    }),
  );
});
