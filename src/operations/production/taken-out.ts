import {
  createdContents,
  type HistoryEntry,
  type TakenOut,
  takenOutOfProduction,
} from "../../history/index.ts";
import type { Snapshot } from "../../snapshot/index.ts";
import { contentsOfTree } from "../contents-of-tree.ts";
import type { MirrorContext } from "../context.ts";
import { isIdentical } from "./identical-snapshots.ts";

/**
 * Looks up whether a snapshot was taken out of production and not put back since, under its own name or that of one with
 * the same contents, be that deleted: a sync with nothing new makes one more of what was rolled back.
 */
export function findTakenOut(
  { catalog }: MirrorContext,
  entries: readonly HistoryEntry[],
): (snapshot: Snapshot) => TakenOut | undefined {
  const contentsOf = contentsOfEach(catalog.list(), entries);
  const taken = takenOutOfProduction(entries, contentsOf);
  return ({ name }) => taken.get(contentsOf(name));
}

/** The same text for names of the same contents: what the records or the history say, else the first of the names. */
function contentsOfEach(
  snapshots: readonly Snapshot[],
  entries: readonly HistoryEntry[],
): (name: string) => string {
  const { present } = createdContents(entries);
  const contents = new Map(
    snapshots.map((one) => {
      const [first = one, ...others] = snapshots.filter((other) => other === one || isIdentical(one, other));
      const known = [first, ...others].map(({ name, meta }) => contentsOfTree(meta) ?? present.get(name));
      return [one.name, known.find((text) => text !== undefined) ?? first.name];
    }),
  );
  return (name) => contents.get(name) ?? present.get(name) ?? name; // one may have been removed by hand
}
