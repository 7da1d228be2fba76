import {
  createdContents,
  type HistoryEntry,
  type TakenOut,
  takenOutOfProduction,
} from "../../history/index.ts";
import { contentsOf, haveSameContents, type SnapshotGlance } from "../../snapshot/index.ts";
import type { Ports } from "../context.ts";

/**
 * Returns a function that finds out whether a snapshot was taken out of production and not put back since, under its own
 * name or that of one with the same contents, even a deleted one: a sync with nothing new makes another copy of what was
 * rolled back.
 */
export async function findTakenOut(
  { catalog }: Ports<"catalog">,
  entries: readonly HistoryEntry[],
): Promise<(snapshot: Pick<SnapshotGlance, "name">) => TakenOut | undefined> {
  const contentsByName = contentsOfEach(await catalog.glance(), entries);
  const taken = takenOutOfProduction(entries, contentsByName);
  return ({ name }) => taken.get(contentsByName(name));
}

/** Returns the same text for names with the same contents: from a record, from the history, or the first of the names. */
function contentsOfEach(
  snapshots: readonly SnapshotGlance[],
  entries: readonly HistoryEntry[],
): (name: string) => string {
  const { present } = createdContents(entries);
  const contents = new Map(
    snapshots.map((one) => {
      const isSame = (other: SnapshotGlance): boolean =>
        other === one || haveSameContents(one.meta, other.meta);
      const [first = one, ...others] = snapshots.filter(isSame);
      const known = [first, ...others].map(({ name, meta }) => contentsOf(meta) ?? present.get(name));
      return [one.name, known.find((text) => text !== undefined) ?? first.name];
    }),
  );
  return (name) => contents.get(name) ?? present.get(name) ?? name; // one may have been removed by hand
}
