import {
  encodePath,
  joinPath,
  type ListedFile,
  type RepositoryPath,
  type Suite,
} from "../../../repository/index.ts";
import type { BodySink } from "../../../upstream/index.ts";
import { encodedBytesMax } from "../files/content-encoding.ts";
import type { LookContext } from "../sync-context.ts";
import { filesOf, type ListedPackage, placeBelow } from "./listed-package.ts";

export interface BaseFinder {
  /** Where the paths of the flat suite at `root` begin, by where some of its files are: at the base, or at the suite. */
  findBase(root: RepositoryPath, files: readonly ListedFile[]): Promise<RepositoryPath | "">;
}

/**
 * The packages of one index of a suite, with their paths relative to the base URL. As apt has it, the paths of a flat
 * suite "sub/" are relative to the base already. But many a repository is meant to be used as "deb <base>/sub/ /" on
 * clients, and its paths are relative to sub/: where the first of them are tells which.
 */
export async function* placeFlatPackages(
  reading: BaseFinder,
  { isFlat, root }: Suite,
  batches: AsyncIterable<readonly ListedPackage[]>,
): AsyncGenerator<readonly ListedPackage[]> {
  if (!isFlat || root === "") {
    yield* batches;
    return;
  }
  let base: RepositoryPath | "" | undefined;
  for await (const items of batches) {
    if (items.length > 0) base ??= await reading.findBase(root, items.flatMap(filesOf));
    yield base === root ? items.map((item) => placeBelow(root, item)) : items;
  }
}

/** How many files of a suite are looked for: upstreams may lack some that they list. */
const lookedForMax = 5;

/**
 * Asks upstream. What it has under neither path tells nothing; where that is so of all, they are taken as apt takes them.
 */
export async function findBase(
  context: LookContext,
  root: RepositoryPath,
  files: readonly ListedFile[],
): Promise<RepositoryPath | ""> {
  for (const file of files.slice(0, lookedForMax)) {
    if (await isThere(context, file, file.path)) return "";
    if (await isThere(context, file, joinPath(root, file.path))) return root;
  }
  return "";
}

/** True where upstream has a file of the listed size at the path; its bytes are not waited for. */
async function isThere(
  context: LookContext,
  { sizeBytes = 0 }: ListedFile,
  path: RepositoryPath,
): Promise<boolean> {
  const enough = new Error("the file is there");
  const sink: BodySink = {
    heldBytes: 0,
    heldValidator: undefined,
    begin: () => undefined,
    write() {
      throw enough;
    },
  };
  try {
    const request = { path: encodePath(path), sink, sizeBytes, bytesMax: encodedBytesMax(sizeBytes) };
    return (await context.upstream.download(request, context.signal)).kind === "accepted";
  } catch (error) {
    if (error === enough) return true;
    throw error;
  }
}
