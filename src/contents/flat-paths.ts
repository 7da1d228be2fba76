import {
  joinPath,
  type ListedFile,
  type RepositoryDirectory,
  type RepositoryPath,
  type Suite,
} from "../repository/index.ts";
import { filesOf, type ListedPackage, placeBelow } from "./listed-package.ts";
import type { TreeFiles } from "./tree-files.ts";

/** Returns where the paths of the flat suite at `root` begin, by where some of its files are: "" or `root`. */
export type FindBase = (
  root: RepositoryPath,
  files: readonly ListedFile[],
) => Promise<RepositoryDirectory> | RepositoryDirectory;

/**
 * Makes the paths of the packages of an index relative to the tree. As apt reads them, the paths of a flat suite "sub/"
 * are relative to the base URL already. But many repositories are made for clients with "deb <base>/sub/ /", and their
 * paths are relative to sub/. Where the first files are decides.
 */
export async function* placeFlatPackages(
  findBase: FindBase,
  { isFlat, root }: Suite,
  batches: AsyncIterable<readonly ListedPackage[]>,
): AsyncGenerator<readonly ListedPackage[]> {
  if (!isFlat || root === "") {
    yield* batches;
    return;
  }
  let base: RepositoryDirectory | undefined;
  for await (const packages of batches) {
    if (packages.length > 0) base ??= await findBase(root, packages.flatMap(filesOf));
    yield base === root ? packages.map((one) => placeBelow(root, one)) : packages;
  }
}

/** Finds the base in a finished tree: the sync has asked upstream, and the files that it downloaded tell. */
export const findBaseIn =
  (tree: TreeFiles): FindBase =>
  (root, files) => {
    const found = files.find(({ path }) => tree.has(path) || tree.has(joinPath(root, path)));
    return found === undefined || tree.has(found.path) ? "" : root;
  };
