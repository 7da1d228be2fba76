import type { SuiteContents } from "../contents.ts";
import { listsFiles } from "../held-index.ts";
import type { TreeFiles } from "../tree-files.ts";
import { type EarlierIndex, readIndexOf } from "./index-difference.ts";

/** True if a listing was made of exactly these indices. Reads none of them: their forms must have been checked. */
export function isListingOf(
  tree: TreeFiles,
  suites: readonly SuiteContents[],
  listed: readonly Pick<EarlierIndex, "name" | "key">[],
): boolean {
  const held = suites.flatMap((suite) => suite.indices.filter(({ wanted }) => listsFiles(wanted)));
  const keys = new Map(listed.map(({ name, key }) => [name, key]));
  const isListed = held.every((index) => {
    const read = readIndexOf(tree, index);
    return read !== undefined && keys.get(read.name) === read.key;
  });
  return isListed && held.length === listed.length;
}
