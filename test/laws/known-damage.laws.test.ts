import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type HistoryEntry, knownDamage } from "../../src/history/index.ts";

const files = ["a", "b", "c"];
type Damage = "missing" | "changed";
type Step =
  | { readonly kind: "spoil"; readonly file: string; readonly how: Damage }
  | { readonly kind: "verify"; readonly deep: boolean; readonly repair: boolean };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant("spoil" as const),
    file: fc.constantFrom(...files),
    how: fc.constantFrom<Damage>("missing", "changed"),
  }),
  fc.record({ kind: fc.constant("verify" as const), deep: fc.boolean(), repair: fc.boolean() }),
);

/** One snapshot on a disk that damages files, and the history lines of its checks. */
class Snapshot {
  readonly spoiled = new Map<string, Damage>();
  /** Damaged, and found by a check since. */
  readonly found = new Set<string>();
  entries: readonly HistoryEntry[] = [];

  do(step: Step): void {
    if (step.kind === "spoil") this.#spoil(step.file, step.how);
    else this.#verify(step);
  }

  #spoil(file: string, how: Damage): void {
    // Somebody has put a file of the right size there: damage of another kind, which no check has found yet.
    if (this.spoiled.get(file) === "missing" && how === "changed") this.found.delete(file);
    this.spoiled.set(file, how);
  }

  #verify({ deep, repair }: { readonly deep: boolean; readonly repair: boolean }): void {
    const seen = [...this.spoiled].filter(([, how]) => deep || how === "missing").map(([file]) => file);
    for (const file of seen) this.found.add(file);
    for (const file of repair ? seen : []) {
      this.spoiled.delete(file);
      this.found.delete(file);
    }
    const damagedPaths = repair ? [] : seen;
    const repairedPaths = repair ? seen : [];
    const counts = { deep, partial: false, files: files.length, damaged: damagedPaths.length, faults: [] };
    const details = { kind: "checked", ...counts, damagedPaths, repairedPaths } as const;
    const at = new Date(this.entries.length);
    const line = { at, mirror: "m", who: "w", action: "verify", result: "done", to: "one", details } as const;
    this.entries = [line, ...this.entries];
  }
}

test("a file that was found damaged stays known until it is repaired", () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 20 }), (steps) => {
      const snapshot = new Snapshot();
      for (const step of steps) snapshot.do(step);
      const known = new Set(knownDamage(snapshot.entries, "(working mirror)").get("one")?.paths);
      expect([...snapshot.found].filter((file) => !known.has(file))).toEqual([]);
    }),
  );
});

test("a tree without damage has no known damage once every file was read", () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 20 }), (steps) => {
      const snapshot = new Snapshot();
      for (const step of [...steps, { kind: "verify", deep: true, repair: true } as const]) snapshot.do(step);
      expect(knownDamage(snapshot.entries, "(working mirror)").size).toBe(0);
    }),
  );
});
