import { filtersPackages, type ListedPlan, type PackageFilters, PlainPlan } from "../../plan/index.ts";
import { PlainPackagesReader } from "../../repository/index.ts";
import type { SuiteContents } from "../contents.ts";
import { listsFiles } from "../held-index.ts";
import { readIndex } from "../read-index.ts";
import type { TreeFiles } from "../tree-files.ts";
import { freeChunk } from "./free-chunk.ts";
import { IndexBlocks } from "./index-blocks.ts";
import { readIndexOf } from "./index-difference.ts";

interface PlainReading {
  readonly filters: PackageFilters;
  /** A later version of an index may be compared with it. If not, its blocks are not hashed, which takes as long as SHA-256 of all. */
  readonly isCompared: boolean;
}

/** By these, every later version differs from the index in all of its blocks. */
const noBlocks = "";

/**
 * Lists the files of a tree as `listFiles` does, if all its indices of packages are plain and nothing has to be chosen: in half of
 * the time, and with no object for each file. Returns undefined if `listFiles` has to read them, also for a mistake in a
 * stanza: that says which. Throws what that throws for bytes that Release does not list.
 */
export async function listPlainly(
  tree: TreeFiles,
  suites: readonly SuiteContents[],
  { filters, isCompared }: PlainReading,
): Promise<ListedPlan | undefined> {
  // The files of a flat suite may be anywhere, and their places may depend on what is there.
  if (filtersPackages(filters) || suites.some(({ suite }) => suite.isFlat)) return undefined;
  const indices = suites.flatMap((suite) => suite.indices.filter(({ wanted }) => listsFiles(wanted)));
  if (!indices.every(({ wanted }) => wanted.kind === "packages")) return undefined;
  const plan = new PlainPlan(suites);
  for (const index of indices) {
    const read = readIndexOf(tree, index);
    if (read === undefined) return undefined;
    plan.begin(read);
    const packages = new PlainPackagesReader((file) => plan.add(file));
    const indexBlocks = isCompared ? new IndexBlocks() : undefined;
    for await (const chunk of readIndex(tree, index)) {
      if (!packages.push(chunk)) return undefined;
      indexBlocks?.push(chunk);
      freeChunk(chunk);
    }
    const blocks = indexBlocks === undefined ? noBlocks : indexBlocks.finish();
    if (!packages.end() || blocks === undefined) return undefined;
    plan.end({ blocks });
  }
  return plan.finish();
}
