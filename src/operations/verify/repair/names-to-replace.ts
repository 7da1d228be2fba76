import { posix } from "node:path";
import type { BrokenFile } from "./broken-file.ts";
import type { Place } from "./survey-trees.ts";

/** What is known of a damaged file beside its names. */
export interface Evidence {
  /** The store named it as what it should have been: every tree got it under that name. */
  readonly wasNamed: boolean;
  /** Its bytes are those of another object: a good file, which stands in the wrong place. */
  readonly isAnother: boolean;
}

/**
 * Which names of a damaged file get the bytes that it should have, and which ones are left because nobody can tell, or
 * because the tree is somebody's own. A file that is good
 * under its other names must stay what it is under them.
 */
export function namesToReplace(
  { file, sources, names }: Pick<BrokenFile, "file" | "sources" | "names">,
  places: readonly Place[],
  { wasNamed, isAnother }: Evidence,
): { readonly replaced: readonly Place[]; readonly doubtful: readonly Place[] } {
  const found = new Set(names.map(({ tree, damage }) => posix.join(tree.path, damage.file.path)));
  const usual = new Set([
    ...Object.values(file.digests),
    ...[...sources, ...names.map(({ damage }) => damage.file.path)].map((path) => posix.basename(path)),
  ]);
  const isMeant = ({ tree, path, isOurs }: Place): boolean => {
    if (found.has(posix.join(tree, path))) return true;
    return isOurs && !isAnother && (wasNamed || usual.has(posix.basename(path)));
  };
  return {
    replaced: places.filter(isMeant),
    doubtful: isAnother ? [] : places.filter((place) => !isMeant(place)),
  };
}
