/** Gates that read the Release of each suite. */
import { type Detail, findings, verdictOf } from "../../../gates/index.ts";
import type { Gate } from "../gate.ts";

const fields = ["origin", "label", "suite", "codename"] as const;

/** A suite that only one of the trees has is not compared. */
export const sameOrigin: Gate<"same_origin"> = {
  isInstant: true,
  async run(_criterion, subject) {
    const old = await subject.releasesInProduction();
    if (old === undefined) return { kind: "not-applicable", because: "nothing-in-production" };
    const details: Detail[] = [];
    for (const [suite, release] of await subject.releases()) {
      const production = old.get(suite);
      if (production === undefined) continue;
      for (const field of fields) {
        const [before, after] = [production[field], release[field]];
        if (before !== after) details.push({ kind: "release-renamed", suite, field, before, after });
      }
    }
    return verdictOf(details.length === 0, findings(details.length, details));
  },
};

export const maxReleaseAge: Gate<"max_release_age"> = {
  isInstant: true,
  async run({ ageMs }, subject) {
    const details: Detail[] = [];
    let oldestMs = 0;
    let areDated = true;
    for (const [suite, { date }] of await subject.releases()) {
      const itsAgeMs = date && subject.now.getTime() - date.getTime();
      if (itsAgeMs === undefined) areDated = false;
      else oldestMs = Math.max(oldestMs, itsAgeMs);
      if (itsAgeMs === undefined || itsAgeMs > ageMs)
        details.push({ kind: "release-date", suite, date: date?.toISOString() });
    }
    return verdictOf(areDated && oldestMs <= ageMs, findings(areDated ? oldestMs : undefined, details));
  },
};

export const minValidity: Gate<"min_validity"> = {
  isInstant: true,
  async run({ leftMs }, subject) {
    const details: Detail[] = [];
    let leastMs = Number.POSITIVE_INFINITY;
    for (const [suite, { validUntil }] of await subject.releases()) {
      if (validUntil === undefined) continue;
      const itsLeftMs = validUntil.getTime() - subject.now.getTime();
      leastMs = Math.min(leastMs, itsLeftMs);
      if (itsLeftMs < leftMs)
        details.push({ kind: "valid-until", suite, validUntil: validUntil.toISOString() });
    }
    if (leastMs === Number.POSITIVE_INFINITY) return { kind: "not-applicable", because: "no-valid-until" };
    return verdictOf(leastMs >= leftMs, findings(leastMs, details));
  },
};
