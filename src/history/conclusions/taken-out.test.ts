import { expect, test } from "vitest";
import type { HistoryEntry } from "../entry.ts";
import { takenOutOfProduction } from "./taken-out.ts";

const actions = { P: "promote", U: "publish", R: "rollback", C: "create", D: "delete" } as const;

/** Lines from "C:a P:a R:b", newest first as the history has them; "!" ends one that failed. */
function historyOf(text: string): readonly HistoryEntry[] {
  let production: string | undefined;
  const entries = text.split(" ").map((step, index): HistoryEntry => {
    const action = actions[step.slice(0, 1) as keyof typeof actions];
    const name = step.slice(2).replace("!", "");
    const result = step.endsWith("!") ? "failed" : "done";
    const line = { at: new Date(index * 1000), mirror: "noble", action, who: "ada", result } as const;
    if (action === "delete") return { ...line, from: name };
    if (action === "create") return { ...line, to: name };
    const from = production;
    if (result === "done") production = name;
    return { ...line, from, to: name };
  });
  return entries.toReversed();
}

test.each([
  ["P:a P:b R:a", { b: "rolled-back" }],
  ["P:a P:b R:a!", {}],
  // Every rollback counts, and a later promotion of something else changes nothing.
  ["P:a P:b P:c R:b R:a", { c: "rolled-back", b: "rolled-back" }],
  ["P:a P:b R:a P:c", { b: "rolled-back" }],
  // Put back into production by force, by a publish, or by a rollback to it.
  ["P:a P:b R:a P:b", {}],
  ["P:a P:b R:a U:b", {}],
  ["P:a P:b R:a R:b", { a: "rolled-back" }],
  // A snapshot that is made under the name of one that was deleted is another one.
  ["P:a P:b R:a D:b C:b", {}],
  ["P:a P:b R:a D:b! C:b", { b: "rolled-back" }],
  // A publish goes back only where it goes to an older snapshot.
  ["C:a C:b P:a P:b U:a", { b: "replaced" }],
  ["C:a C:b P:b U:a", { b: "replaced" }],
  ["C:a C:b P:a U:b", {}],
  ["C:a P:a C:b P:b D:a C:a U:a", {}],
  ["C:a C:b P:b P:a", {}],
  ["C:a C:b P:b U:a P:b", {}],
  // The last time counts.
  ["C:a C:b P:b U:a P:b R:a", { b: "rolled-back" }],
  ["C:a C:b P:a P:b R:a U:b U:a", { b: "replaced" }],
])("after %j, taken out of production is %j", (steps, expected) => {
  const taken = [...takenOutOfProduction(historyOf(steps))].map(([name, { how }]) => [name, how]);
  expect(Object.fromEntries(taken)).toEqual(expected);
});

test.each([
  // "b" and "B" have the same contents.
  ["P:a P:b R:a C:B", { b: "rolled-back" }],
  ["P:a P:b R:a C:B P:B", {}],
  ["P:a P:b R:a C:B P:B R:a", { B: "rolled-back" }],
  ["P:a P:b P:B R:b", {}],
  ["P:a P:b R:a C:B P:B P:b R:a", { b: "rolled-back" }],
  // Also where one of them is deleted: the other is what it was.
  ["P:a P:b R:a C:B P:B R:a D:b", { B: "rolled-back" }],
  ["P:a P:b R:a C:B D:b", {}],
  ["P:a P:b R:a D:b C:b C:B P:B R:a D:B", {}],
])("after %j, with snapshots of the same contents, taken out of production is %j", (steps, expected) => {
  const taken = takenOutOfProduction(historyOf(steps), (name) => name.toLowerCase());
  expect(Object.fromEntries([...taken.values()].map(({ name, how }) => [name, how]))).toEqual(expected);
});

test.each([
  // "b" and "B" have the same contents, and the lines that made them say so.
  ["C:a C:b P:a P:b R:a D:b", { b: "rolled-back" }],
  ["C:a C:b P:a P:b R:a D:b C:B", { b: "rolled-back" }],
  ["C:a C:b P:a P:b R:a D:b C:b", { b: "rolled-back" }],
  ["C:a C:b P:a P:b U:a D:b C:B", { b: "replaced" }],
  ["C:a C:b P:a P:b R:a D:b C:B P:B", {}],
  ["C:a C:b P:a P:b R:a D:b C:B P:B D:B", {}],
  ["C:a C:b P:a P:b R:a D:b! C:B P:B D:B", {}],
  ["C:a C:b P:a P:b R:a D:b C:B P:B R:a D:B", { B: "rolled-back" }],
])("after %j, with contents in the history, taken out of production is %j", (steps, expected) => {
  const entries = historyOf(steps).map((entry) =>
    entry.action === "create"
      ? { ...entry, details: { kind: "created", contents: entry.to?.toLowerCase() } as const }
      : entry,
  );
  const taken = takenOutOfProduction(entries, (name) => name.toLowerCase());
  expect(Object.fromEntries([...taken.values()].map(({ name, how }) => [name, how]))).toEqual(expected);
});

test("says when, by whom, why, and for what", () => {
  const [line, ...others] = historyOf("P:a P:b R:a");
  const entries = [{ ...line, reason: "broken" } as HistoryEntry, ...others];
  expect(takenOutOfProduction(entries).get("b")).toEqual({
    how: "rolled-back",
    name: "b",
    at: new Date(2000),
    by: "ada",
    reason: "broken",
    to: "a",
  });
});
