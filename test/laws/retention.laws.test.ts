import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  applyRetention,
  type KeepClaim,
  type RetentionCandidate,
  type RetentionRules,
} from "../../src/snapshot/index.ts";

const now = new Date("2026-05-10T00:00:00Z");
const dayMs = 86_400_000;

const anyCandidates: fc.Arbitrary<readonly RetentionCandidate[]> = fc.uniqueArray(
  fc.record({
    name: fc.stringMatching(/^[a-z]{1,6}$/),
    // Some are from the future, because clocks are set back.
    createdAt: fc.integer({ min: -40, max: 2 }).map((days) => new Date(now.getTime() + days * dayMs)),
    claims: fc.subarray<KeepClaim>([{ kind: "production" }, { kind: "staging" }]),
  }),
  { selector: ({ name }) => name, maxLength: 20 },
);
const anyKeepLast = fc.nat({ max: 25 });
const anyKeepWithinMs = fc.option(
  fc.integer({ min: 0, max: 50 }).map((days) => days * dayMs),
  {
    nil: undefined,
  },
);
const anyRules: fc.Arbitrary<RetentionRules> = fc.record({
  keepLast: anyKeepLast,
  keepWithinMs: anyKeepWithinMs,
});

const kept = (candidates: readonly RetentionCandidate[], rules: RetentionRules): ReadonlySet<string> =>
  new Set(
    applyRetention(candidates, rules, now)
      .filter(({ keep }) => keep)
      .map(({ candidate }) => candidate.name),
  );

const check = (law: (candidates: readonly RetentionCandidate[], rules: RetentionRules) => void): void =>
  fc.assert(fc.property(anyCandidates, anyRules, law));

describe("retention", () => {
  test("decides about each snapshot once, newest first", () => {
    check((candidates, rules) => {
      const decided = applyRetention(candidates, rules, now).map(({ candidate }) => candidate);
      expect(decided.map(({ name }) => name).toSorted()).toEqual(
        candidates.map(({ name }) => name).toSorted(),
      );
      const times = decided.map(({ createdAt }) => createdAt.getTime());
      expect(times).toEqual(times.toSorted((a, b) => b - a));
    });
  });

  test("does not depend on the order of its input", () => {
    check((candidates, rules) => {
      expect(applyRetention(candidates.toReversed(), rules, now)).toEqual(
        applyRetention(candidates, rules, now),
      );
    });
  });

  test("never drops what is claimed", () => {
    check((candidates, rules) => {
      const claimed = candidates.filter(({ claims }) => claims.length > 0).map(({ name }) => name);
      expect(kept(candidates, rules).isSupersetOf(new Set(claimed))).toBe(true);
    });
  });

  test("keeps at least the newest N, or all if there are fewer", () => {
    check((candidates, rules) => {
      expect(kept(candidates, rules).size).toBeGreaterThanOrEqual(
        Math.min(rules.keepLast, candidates.length),
      );
    });
  });

  test("keeps exactly the snapshots with a reason", () => {
    check((candidates, rules) => {
      for (const { keep, keptBecause } of applyRetention(candidates, rules, now))
        expect(keep).toBe(keptBecause.length > 0);
    });
  });

  test("keeps only claimed snapshots if no rule keeps any", () => {
    fc.assert(
      fc.property(anyCandidates, (candidates) => {
        const claimed = candidates.filter(({ claims }) => claims.length > 0).map(({ name }) => name);
        expect(kept(candidates, { keepLast: 0, keepWithinMs: undefined })).toEqual(new Set(claimed));
      }),
    );
  });

  test("is monotone: larger numbers never drop what smaller ones keep", () => {
    fc.assert(
      fc.property(
        anyCandidates,
        anyRules,
        fc.nat({ max: 5 }),
        fc.nat({ max: 5 }),
        (candidates, rules, more, longer) => {
          const larger = {
            keepLast: rules.keepLast + more,
            keepWithinMs:
              rules.keepWithinMs === undefined ? longer * dayMs : rules.keepWithinMs + longer * dayMs,
          };
          expect(kept(candidates, larger).isSupersetOf(kept(candidates, rules))).toBe(true);
        },
      ),
    );
  });

  test("is idempotent: a second run removes nothing", () => {
    check((candidates, rules) => {
      const first = kept(candidates, rules);
      const left = candidates.filter(({ name }) => first.has(name));
      expect(kept(left, rules)).toEqual(first);
    });
  });
});
