import { type CarriedFiles, removeFromTree } from "../snapshot/index.ts";

/**
 * Removes carried files whose time is over from where files to carry now need a directory. Returns those that stay. A kill
 * leaves a record that names removed files, which does no harm.
 */
export function giveWay(
  tree: string,
  held: CarriedFiles,
  { offered, now }: { readonly offered: CarriedFiles; readonly now: Date },
): CarriedFiles {
  const expired = [...held].filter(([, until]) => until <= now).map(([path]) => path);
  if (expired.length === 0) return held;
  const needed = new Set([...offered.keys()].flatMap(directoriesAbove));
  const leaving = new Set(expired.filter((path) => needed.has(path)));
  for (const path of leaving) removeFromTree(tree, path);
  return new Map([...held].filter(([path]) => !leaving.has(path)));
}

function directoriesAbove(path: string): readonly string[] {
  const above: string[] = [];
  for (let slash = path.lastIndexOf("/"); slash > 0; slash = path.lastIndexOf("/", slash - 1))
    above.push(path.slice(0, slash));
  return above;
}
