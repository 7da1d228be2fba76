import { expect, test } from "vitest";
import { applyRetention, type KeepClaim, type RetentionCandidate } from "./retention.ts";

const now = new Date("2026-05-10T00:00:00Z");
const hourMs = 3_600_000;

const daysAgo = (days: number, ...claims: readonly KeepClaim[]): RetentionCandidate => ({
  name: `${days}d`,
  createdAt: new Date(now.getTime() - days * 24 * hourMs),
  claims,
});

const snapshots = [daysAgo(3), daysAgo(1), daysAgo(8, { kind: "production" }), daysAgo(30), daysAgo(2)];

test.each([
  ["the newest two", { keepLast: 2, keepWithinMs: undefined }, ["1d", "2d", "8d"]],
  ["none but what is claimed", { keepLast: 0, keepWithinMs: undefined }, ["8d"]],
  ["all of them", { keepLast: 99, keepWithinMs: undefined }, ["1d", "2d", "3d", "8d", "30d"]],
  [
    "what is at most three days old, to the millisecond",
    { keepLast: 0, keepWithinMs: 72 * hourMs },
    ["1d", "2d", "3d", "8d"],
  ],
  ["what either rule keeps", { keepLast: 1, keepWithinMs: 48 * hourMs }, ["1d", "2d", "8d"]],
  ["no age at all", { keepLast: 0, keepWithinMs: 0 }, ["8d"]],
])("keeps %s", (_what, rules, kept) => {
  const decisions = applyRetention(snapshots, rules, now);
  expect(decisions.map(({ candidate }) => candidate.name)).toEqual(["1d", "2d", "3d", "8d", "30d"]);
  expect(decisions.filter(({ keep }) => keep).map(({ candidate }) => candidate.name)).toEqual(kept);
});

test("returns every reason that keeps a snapshot, and none for one that goes", () => {
  const rules = { keepLast: 2, keepWithinMs: 24 * hourMs };
  const candidates = [daysAgo(1, { kind: "staging" }, { kind: "production" }), daysAgo(2), daysAgo(3)];
  expect(
    applyRetention(candidates, rules, now).map(({ keep, keptBecause }) => ({ keep, keptBecause })),
  ).toEqual([
    {
      keep: true,
      keptBecause: [
        { kind: "staging" },
        { kind: "production" },
        { kind: "newest", keepLast: 2 },
        { kind: "recent", keepWithinMs: rules.keepWithinMs },
      ],
    },
    { keep: true, keptBecause: [{ kind: "newest", keepLast: 2 }] },
    { keep: false, keptBecause: [] },
  ]);
});

test("orders equal times by name, so that each run drops the same ones", () => {
  const createdAt = new Date("2026-05-01T00:00:00Z");
  const same = ["2026-05-01-2", "2026-05-01-10", "2026-05-01"].map((name) => ({
    name,
    createdAt,
    claims: [],
  }));
  const decisions = applyRetention(same, { keepLast: 1, keepWithinMs: undefined }, now);
  expect(decisions.map(({ candidate, keep }) => [candidate.name, keep])).toEqual([
    ["2026-05-01-10", true],
    ["2026-05-01-2", false],
    ["2026-05-01", false],
  ]);
});
