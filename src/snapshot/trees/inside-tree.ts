import { posix } from "node:path";
import { statLinkIfAny } from "../../platform/look.ts";

/**
 * Returns how to tell the paths of a tree that lead through no link: one that somebody put where a directory was leads
 * to files elsewhere, which are theirs.
 */
export function insideOf(tree: string): (path: string) => boolean {
  const known = new Map<string, boolean>([[".", true]]);
  const isOwn = (directory: string): boolean => {
    const isKnown = known.get(directory);
    if (isKnown !== undefined) return isKnown;
    const isInside =
      isOwn(posix.dirname(directory)) && statLinkIfAny(`${tree}/${directory}`)?.isSymbolicLink() !== true;
    known.set(directory, isInside);
    return isInside;
  };
  return (path) => isOwn(posix.dirname(path));
}
