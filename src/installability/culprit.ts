import type { Candidate } from "./candidates.ts";
import { type Culprit, CulpritSearch, firstOf, type Universes } from "./culprit-search.ts";
import { chainsOf, type Reason } from "./reasons.ts";
import { namesIn } from "./relations.ts";

/** Returns the names that the reasons are about: those of packages, and those in dependencies. */
export function namesBehind(reasons: readonly Reason[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const reason of reasons) {
    const relations = reason.kind === "missing" ? [reason.relation] : [];
    for (const { candidate, relation } of chainsOf(reason).flat()) {
      names.add(candidate.name);
      relations.push(relation);
    }
    for (const name of relations.flatMap(namesIn)) names.add(name);
  }
  return names;
}

/**
 * Returns the change that explains why a package could be installed before and cannot be now: the first one on a chain, from
 * what breaks to the package itself, so that packages that break for the same cause have the same culprit. Reasons that
 * existed before explain nothing: another alternative was installed then.
 */
export function findCulprit(
  broken: Candidate,
  reasons: readonly Reason[],
  universes: Universes,
): Culprit | undefined {
  const search = new CulpritSearch(universes);
  const chains = reasons.flatMap(chainsOf);
  return (
    firstOf(reasons, (reason) => search.explain(reason)) ??
    firstOf(chains, (chain) => search.findLostVersion(chain)) ??
    search.findDifference([broken, ...chains.flat().map(({ candidate }) => candidate)])
  );
}
