import { isDeepStrictEqual } from "node:util";
import { type IndexChange, IndexComparison } from "../../changes/index.ts";
import { MirrorctlError } from "../../errors.ts";
import { countsVersions } from "../../plan/index.ts";
import { type IndexInTree, placeOf, readDifferingBuilds, type TreePackages } from "./tree-packages.ts";

/** Compares the packages of two trees, index by index. Does not read what both have: an index or, if it differs, stanzas. */
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
    const differing = one && other && (await readDifferingIfAny([old, one], [present, other]));
    if (differing !== undefined) {
      for (const build of differing.before) comparison.addBefore(build);
      for (const build of differing.after) comparison.addAfter(build);
    } else {
      if (one !== undefined) for await (const build of old.read(one)) comparison.addBefore(build);
      if (other !== undefined) for await (const build of present.read(other)) comparison.addAfter(build);
    }
    for (const change of comparison.changes()) changes.push(change);
  }
  return changes;
}

/** Returns undefined if both have to be read as a whole; also for an error, of which that says more. */
async function readDifferingIfAny(before: IndexInTree, after: IndexInTree) {
  if (!haveSameReading(before[0], after[0])) return undefined;
  try {
    return await readDifferingBuilds(before, after);
  } catch (error) {
    if (error instanceof MirrorctlError || (error instanceof Error && "syscall" in error)) return undefined;
    throw error;
  }
}

const haveSameReading = ({ reading: one }: TreePackages, { reading: other }: TreePackages): boolean =>
  isDeepStrictEqual([one.filters, one.missing], [other.filters, other.missing]);

/** Returns the keys of the places whose indices must be read, sorted. */
function differingPlaces(old: TreePackages, present: TreePackages): readonly string[] {
  const keys = [...new Set([...old.indices.keys(), ...present.indices.keys()])].toSorted();
  const differing = keys.filter(
    (key) => old.indices.get(key)?.contentKey !== present.indices.get(key)?.contentKey,
  );
  if (!haveSameReading(old, present)) return keys;
  // Which versions are kept of one index depends on all the others.
  return countsVersions(old.reading.filters) && differing.length > 0 ? keys : differing;
}
