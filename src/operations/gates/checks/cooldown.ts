import { cvesOf } from "../../../changelogs/index.ts";
import { combineChanges, type IndexChange, type PackageBuild, sourceOf } from "../../../changes/index.ts";
import { type Exemption, findings, isExempt, verdictOf } from "../../../gates/index.ts";
import { readChangelogs } from "../../changelogs/index.ts";
import { firstSeenOf } from "../../first-seen/index.ts";
import type { Gate } from "../gate.ts";
import type { Subject } from "../subject/subject.ts";

/** Only packages that production lacks count: what machines have already does not get safer by waiting. */
export const minPackageAge: Gate<"min_package_age"> = {
  async run({ ageMs, exempt }, subject) {
    if (isExempt(exempt, "mirror", subject.ports.mirror.id))
      return { kind: "not-applicable", because: "exempt" };
    const changes = await subject.changes();
    if (changes === undefined) return { kind: "not-applicable", because: "nothing-in-production" };
    const young = await findYoung(subject, arrivalsOf(changes, exempt), ageMs);
    const counted = exempt.some(({ kind }) => kind === "fixes-cve")
      ? await withoutFixes(subject, changes, young)
      : young;
    const [youngest] = counted;
    if (youngest === undefined) return verdictOf(true, findings(0));
    const details = counted.map(({ build, seenAt, oldEnoughFrom }) => ({
      kind: "too-young" as const,
      name: build.name,
      version: build.version,
      architecture: build.variant ?? build.architecture,
      source: sourceOf(build).name,
      firstSeen: seenAt.toISOString(),
      oldEnoughFrom: oldEnoughFrom.toISOString(),
      isAhead: seenAt > subject.now,
    }));
    return { kind: "not-yet", until: youngest.oldEnoughFrom, ...findings(counted.length, details) };
  },
};

/** Returns the packages whose bytes production lacks and that no name exempts, by their digests. */
function arrivalsOf(
  changes: readonly IndexChange[],
  exempt: readonly Exemption[],
): ReadonlyMap<string, PackageBuild> {
  const known = new Set(changes.flatMap(({ before }) => before?.digest ?? []));
  const arrivals = new Map<string, PackageBuild>();
  for (const { after } of changes)
    if (after !== undefined && !known.has(after.digest) && !isExempt(exempt, "source", sourceOf(after).name))
      arrivals.set(after.digest, after);
  return arrivals;
}

interface YoungPackage {
  readonly build: PackageBuild;
  readonly seenAt: Date;
  readonly oldEnoughFrom: Date;
}

/** Returns those that are too young, the youngest first. */
async function findYoung(
  { ports, snapshot, now }: Subject,
  arrivals: ReadonlyMap<string, PackageBuild>,
  ageMs: number,
): Promise<readonly YoungPackage[]> {
  const seen = await firstSeenOf(ports, snapshot, new Set(arrivals.keys()));
  const found: YoungPackage[] = [];
  for (const [digest, build] of arrivals) {
    const seenAt = seen.get(digest) ?? now;
    const oldEnoughFrom = new Date(seenAt.getTime() + ageMs);
    if (oldEnoughFrom > now) found.push({ build, seenAt, oldEnoughFrom });
  }
  return found.toSorted(
    (a, b) => b.seenAt.getTime() - a.seenAt.getTime() || (a.build.name < b.build.name ? -1 : 1),
  );
}

/** Leaves out the packages of sources whose maintainers name a CVE since the version in production. */
async function withoutFixes(
  { ports, tree }: Subject,
  changes: readonly IndexChange[],
  young: readonly YoungPackage[],
): Promise<readonly YoungPackage[]> {
  const names = new Set(young.map(({ build }) => sourceOf(build).name));
  const sources = combineChanges(changes).sources.filter(({ source }) => names.has(source));
  const changelogs = await readChangelogs(ports, tree, { sources });
  const fixing = new Set(changelogs.filter((one) => cvesOf(one).length > 0).map(({ source }) => source));
  return young.filter(({ build }) => !fixing.has(sourceOf(build).name));
}
