import { describe, expect, test } from "vitest";
import { checkLine, needsPerson } from "./check-line.ts";
import type { Concern } from "./concerns.ts";

const now = new Date("2026-05-04T12:00:00Z");
const mirror = (id: string, ...concerns: readonly Concern[]) => ({
  mirror: id,
  concerns,
  notes: [],
  lastGoodSync: { at: new Date("2026-05-04T09:00:00Z") },
  freeBytes: 5_000_000,
});
const failed = (reason: string): Concern => ({ kind: "sync-failed", at: now, reason });
const gates: Concern = { kind: "gates-failed", mirror: "noble", gates: ["apt"] };

describe("the first line of a check", () => {
  test("says that all is well, with measurements", () => {
    expect(checkLine([mirror("noble"), mirror("jammy")], now)).toBe(
      "MIRRORCTL OK - 2 mirrors | concerns=0;0 oldest_sync=10800s free=5000000B",
    );
  });

  test("names the worst concern, and counts the others", () => {
    expect(checkLine([mirror("noble", gates), mirror("jammy", failed("no route\nsecond line"))], now)).toBe(
      "MIRRORCTL WARNING - jammy: the last sync failed: no route, and 1 more | concerns=2;0 oldest_sync=10800s free=5000000B",
    );
  });

  test("has one bar, and is short whatever the reason is", () => {
    const line = checkLine([mirror("noble", failed(`a|b ${"x".repeat(500)}`))], now);
    expect(line.split("|")).toHaveLength(2);
    expect(line).toContain("a/b xxx");
    expect(line.length).toBeLessThan(300);
  });

  test("is not OK if the history cannot be read, and names what is worse first", () => {
    const notes = [{ kind: "history-unreadable", reason: "permission denied" }] as const;
    const blind = { ...mirror("noble"), notes };
    expect(checkLine([mirror("jammy"), blind], now)).toBe(
      "MIRRORCTL WARNING - noble: this user cannot read the history: what only the history knows is not shown | concerns=1;0 oldest_sync=10800s free=5000000B",
    );
    expect(checkLine([blind, mirror("jammy", gates)], now)).toContain(
      "WARNING - jammy: what is staged fails the gate apt, and 1 more |",
    );
    expect([needsPerson([mirror("jammy"), blind]), needsPerson([mirror("jammy")])]).toEqual([true, false]);
  });

  test("leaves out what is not known", () => {
    const unknown = {
      ...mirror("noble", { kind: "never-synced" }),
      lastGoodSync: undefined,
      freeBytes: undefined,
    };
    expect(checkLine([unknown], now)).toBe("MIRRORCTL WARNING - noble: never synced | concerns=1;0");
  });
});
