import { expect, test } from "vitest";
import type { HistoryEntry } from "../entry.ts";
import { approvalsOf } from "./approvals.ts";

let seconds = 0;
const line = (entry: Partial<HistoryEntry>): HistoryEntry => ({
  at: new Date(++seconds * 1000),
  mirror: "noble",
  action: "approve",
  who: "ada",
  result: "done",
  ...entry,
});
const approve = (who: string, to: string, contents?: string): HistoryEntry =>
  line({ who, to, details: { kind: "approved", contents } });
const people = (entries: readonly HistoryEntry[], name: string, contents?: string): readonly string[] =>
  approvalsOf(entries.toReversed(), { name, contents }).map(({ by }) => by);

test("counts each person once, for contents under any name", () => {
  const entries = [approve("ada", "a", "1"), approve("bob", "b", "1"), approve("ada", "b", "1")];
  expect(people(entries, "b", "1")).toEqual(["ada", "bob"]);
  expect(people(entries, "c", "1")).toEqual(["ada", "bob"]);
  expect(people(entries, "a", "2")).toEqual([]);
});

test("counts by name if contents are not known, until the snapshot is deleted", () => {
  expect(people([approve("ada", "a")], "a")).toEqual(["ada"]);
  expect(people([approve("ada", "a")], "b")).toEqual([]);
  const gone = line({ action: "delete", from: "a" });
  expect(people([approve("ada", "a"), gone, approve("bob", "a")], "a")).toEqual(["bob"]);
});

test("ignores a failed approval", () => {
  expect(people([line({ to: "a", result: "failed" })], "a")).toEqual([]);
});
