import { type HistoryEntry, type TakenOut, takenOutOfProduction } from "../history/index.ts";
import type { Snapshot } from "../snapshot/index.ts";
import type { MirrorContext } from "./context.ts";
import { isIdentical } from "./identical-snapshots.ts";

/**
 * Looks up whether a snapshot was taken out of production and not put back since, under its own name or that of one with
 * the same contents: a sync with nothing new makes one more of what was rolled back.
 */
export function findTakenOut(
  { catalog }: MirrorContext,
  entries: readonly HistoryEntry[],
): (snapshot: Snapshot) => TakenOut | undefined {
  const contentsOf = contentsOfEach(catalog.list());
  const taken = takenOutOfProduction(entries, contentsOf);
  return ({ name }) => taken.get(contentsOf(name));
}

/** Snapshots that were rolled back, with another one of the same contents, which would be forgotten without them. */
export function rolledBackWithTwin(
  { catalog }: MirrorContext,
  entries: readonly HistoryEntry[],
): ReadonlyMap<string, string> {
  const snapshots = catalog.list();
  const contentsOf = contentsOfEach(snapshots);
  const twins = new Map<string, string>();
  for (const [contents, { how, name }] of takenOutOfProduction(entries, contentsOf)) {
    const twin = snapshots.find((other) => other.name !== name && contentsOf(other.name) === contents);
    if (how === "rolled-back" && twin !== undefined) twins.set(name, twin.name);
  }
  return twins;
}

/** For each name that of the first snapshot that has the same contents. */
function contentsOfEach(snapshots: readonly Snapshot[]): (name: string) => string {
  const contents = new Map(
    snapshots.map((one) => [one.name, snapshots.find((other) => isIdentical(one, other))?.name ?? one.name]),
  );
  return (name) => contents.get(name) ?? name;
}
