import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type HistoryEntry, takenOutOfProduction } from "../../src/history/index.ts";

const names = ["a", "b", "c", "d"] as const;
const anyLine = fc.record({
  action: fc.constantFrom(
    ...(["promote", "publish", "rollback", "rollback", "stage", "create", "delete"] as const),
  ),
  name: fc.constantFrom(...names),
  result: fc.constantFrom("done" as const, "done" as const, "failed" as const),
});

/** Newest first, as in the history; each move names the previous production. */
const anyEntries: fc.Arbitrary<readonly HistoryEntry[]> = fc
  .array(anyLine, { maxLength: 40 })
  .map((lines) => {
    let production: string | undefined;
    const entries = lines.map(({ action, name, result }, index): HistoryEntry => {
      const line = { at: new Date(index), mirror: "m", who: "w", action, result };
      if (action === "delete") return { ...line, from: name };
      if (action === "stage" || action === "create") return { ...line, to: name };
      const from = production;
      if (result === "done") production = name;
      return { ...line, from, to: name };
    });
    return entries.toReversed();
  });

const isMove = ({ action }: HistoryEntry): boolean =>
  action === "promote" || action === "publish" || action === "rollback";

/** Returns the last line since its deletion that moved production to or from the snapshot. */
const lastOf = (entries: readonly HistoryEntry[], name: string): HistoryEntry | undefined => {
  const done = entries.filter(({ result }) => result === "done");
  const deleted = done.findIndex(({ action, from }) => action === "delete" && from === name);
  const since = deleted === -1 ? done : done.slice(0, deleted);
  return since.find((entry) => isMove(entry) && (entry.from === name || entry.to === name));
};

const check = (law: (entries: readonly HistoryEntry[]) => void): void =>
  fc.assert(fc.property(anyEntries, law));

describe("what was taken out of production", () => {
  test("was rolled back if the last move that touched it was a rollback from it", () => {
    check((entries) => {
      const rolledBack = names.flatMap((name) => {
        const last = lastOf(entries, name);
        const isRolledBack = last?.action === "rollback" && last.from === name && last.to !== name;
        return isRolledBack ? [{ name, at: last.at, to: last.to }] : [];
      });
      const taken = [...takenOutOfProduction(entries)].filter(([, { how }]) => how === "rolled-back");
      expect(new Set(taken.map(([name, { at, to }]) => ({ name, at, to })))).toEqual(new Set(rolledBack));
    });
  });

  test("was replaced only if the last move that touched it was a publish", () => {
    check((entries) => {
      const replaced = [...takenOutOfProduction(entries)].filter(([, { how }]) => how === "replaced");
      const last = replaced.map(([name]) => lastOf(entries, name));
      expect(last.map((line) => [line?.action, line?.from])).toEqual(
        replaced.map(([name]) => ["publish", name]),
      );
    });
  });

  test("does not depend on failed moves or on staging", () => {
    check((entries) => {
      const moving = entries.filter(({ result }) => result === "done");
      expect(takenOutOfProduction(moving)).toEqual(takenOutOfProduction(entries));
      const to = entries[0]?.to ?? "a";
      const staged = {
        at: new Date(99),
        mirror: "m",
        who: "w",
        action: "stage",
        result: "done",
        to,
      } as const;
      expect(takenOutOfProduction([staged, ...entries])).toEqual(takenOutOfProduction(entries));
    });
  });
});
