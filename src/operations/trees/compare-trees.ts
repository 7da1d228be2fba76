import { isDeepStrictEqual } from "node:util";
import { type IndexChange, IndexComparison } from "../../changes/index.ts";
import { countsVersions } from "../../plan/index.ts";
import { placeOf, type TreePackages } from "./tree-packages.ts";

/** Compares the packages of two trees, index by index. Does not read what both have. */
export async function compareTrees(
  old: TreePackages,
  present: TreePackages,
): Promise<readonly IndexChange[]> {
  const changes: IndexChange[] = [];
  for (const key of differingPlaces(old, present)) {
    const [one, other] = [old.indices.get(key), present.indices.get(key)];
    const index = other ?? one;
    if (index === undefined) continue;
    const comparison = new IndexComparison(placeOf(index));
    if (one !== undefined) for await (const build of old.read(one)) comparison.addBefore(build);
    if (other !== undefined) for await (const build of present.read(other)) comparison.addAfter(build);
    for (const change of comparison.changes()) changes.push(change);
  }
  return changes;
}

/** Returns the keys of the places whose indices must be read, sorted. */
function differingPlaces(old: TreePackages, present: TreePackages): readonly string[] {
  const keys = [...new Set([...old.indices.keys(), ...present.indices.keys()])].toSorted();
  const differing = keys.filter(
    (key) => old.indices.get(key)?.contentKey !== present.indices.get(key)?.contentKey,
  );
  const [{ filters, missing }, other] = [old.reading, present.reading];
  if (!isDeepStrictEqual([filters, missing], [other.filters, other.missing])) return keys;
  // Which versions are kept of one index depends on all the others.
  return countsVersions(filters) && differing.length > 0 ? keys : differing;
}
