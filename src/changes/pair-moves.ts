import type { IndexChange } from "./change.ts";
import { kindOf } from "./kind-of.ts";
import type { PackageBuild } from "./package-build.ts";

/**
 * Joins what is missing in one place with what is new in another: nothing is gone if the same file is listed in another
 * suite, such as after a point release, or the package in another section.
 */
export function pairMoves(changes: readonly IndexChange[]): readonly IndexChange[] {
  const groups = new Map(groupByName(changes).filter(([, group]) => group.length <= changesMax));
  const nextOf = (one: IndexChange) => bestOf(groups.get(nameOf(one)) ?? [], (next) => closeness(one, next));
  const previousOf = (one: IndexChange) =>
    bestOf(groups.get(nameOf(one)) ?? [], (previous) => closeness(previous, one));
  return changes
    .map((change) => {
      if (change.kind === "removed") return join(change, nextOf(change)) ?? change;
      if (change.kind !== "added") return change;
      const previous = previousOf(change);
      const isJoined = previous?.kind === "removed" && nextOf(previous) === change;
      return isJoined ? undefined : (join(previous, change) ?? change);
    })
    .filter((change) => change !== undefined);
}

/** Limits the comparisons of each with each. No archive has one package in so many places or versions. */
const changesMax = 2000;

function join(old: IndexChange | undefined, next: IndexChange | undefined): IndexChange | undefined {
  if (old?.before === undefined || next?.after === undefined) return undefined;
  const { place: from, before } = old;
  const { place, after } = next;
  const kind = isSameFile(before, after) ? "moved" : kindOf(before, after);
  return { kind, place, movedFrom: from === place ? undefined : from, before, after };
}

/** Returns 0 if the second cannot be what happened to the first. */
function closeness(old: IndexChange, next: IndexChange): number {
  if (old.before === undefined || next.after === undefined || old === next) return 0;
  if (old.place === next.place) return isAll(old.before) !== isAll(next.after) && isEnd(old, next) ? 3 : 0;
  if (old.place.architecture !== next.place.architecture) return 0;
  if (isSameFile(old.before, next.after)) return 2;
  return old.place.suite === next.place.suite && isEnd(old, next) ? 1 : 0;
}

/** True if the package itself is gone in one place and new in the other. */
const isEnd = (old: IndexChange, next: IndexChange): boolean =>
  old.kind === "removed" && next.kind === "added";

const isAll = ({ architecture }: PackageBuild): boolean => architecture === "all";

const isSameFile = (one: PackageBuild, other: PackageBuild): boolean =>
  one.name === other.name &&
  one.version === other.version &&
  one.architecture === other.architecture &&
  one.variant === other.variant &&
  one.digest === other.digest;

function bestOf<Item>(items: readonly Item[], rank: (item: Item) => number): Item | undefined {
  let best: Item | undefined;
  let bestRank = 0;
  for (const item of items) {
    const itsRank = rank(item);
    if (itsRank > bestRank) [best, bestRank] = [item, itsRank];
  }
  return best;
}

function groupByName(
  changes: readonly IndexChange[],
): readonly (readonly [string, readonly IndexChange[]])[] {
  const groups = new Map<string, IndexChange[]>();
  for (const change of changes) {
    const group = groups.get(nameOf(change));
    if (group === undefined) groups.set(nameOf(change), [change]);
    else group.push(change);
  }
  return [...groups];
}

const nameOf = ({ before, after }: IndexChange): string => (after ?? before)?.name ?? "";
