import { basename, dirname } from "node:path";
import {
  FilePlan,
  filterPackages,
  filtersPackages,
  isVariant,
  type PackageFilters,
  type SuiteMetadata,
} from "../plan/index.ts";
import { normalizePath, parseSha256Sums, type UnnamedRecord } from "../repository/index.ts";
import { type FindBase, placeFlatPackages } from "./flat-paths.ts";
import type { HeldIndex } from "./held-index.ts";
import { filesOf, type ListedPackage } from "./listed-package.ts";
import { readIndexOf } from "./listing/index-difference.ts";
import type { ListingRecorder } from "./listing/listing-recorder.ts";
import { openReader } from "./open-reader.ts";
import { readIndex } from "./read-index.ts";
import type { TreeFiles } from "./tree-files.ts";

/** The files that the indices of a tree list. */
export interface ListedFiles {
  /** Those that the filters keep. */
  readonly plan: FilePlan;
  /** The packages that the filters leave out. */
  readonly leftOut: readonly SourcedPackage[];
  /** Packages with a file that cannot be named here. They are not in the plan. */
  readonly unnamed: readonly UnnamedPackage[];
}

/** A package whose path is not UTF-8, and the index that lists it. */
export interface UnnamedPackage extends UnnamedRecord {
  readonly source: string;
}

/** A package, and the index that lists it. */
interface SourcedPackage {
  readonly item: ListedPackage;
  readonly source: string;
}

/** What the indices of a tree are read with. */
export interface FileReading {
  readonly filters: PackageFilters;
  /** Accept packages that are listed with MD5 or SHA-1 alone. */
  readonly allowWeak: boolean;
  readonly findBase: FindBase;
  /** Records how the indices list the files. */
  readonly recorder?: ListingRecorder | undefined;
}

/** Lists the files of all Packages and Sources, and the images of the installer. */
export async function listFiles(
  tree: TreeFiles,
  suites: readonly (SuiteMetadata & { readonly indices: readonly HeldIndex[] })[],
  { filters, allowWeak, findBase, recorder }: FileReading,
): Promise<ListedFiles> {
  const plan = new FilePlan(suites);
  if (filtersPackages(filters)) recorder?.giveUp();
  const gathered: SourcedPackage[] = [];
  const unnamed: UnnamedPackage[] = [];
  for (const index of suites.flatMap(({ indices }) => indices)) {
    if (await addImages(tree, plan, index)) recorder?.giveUp();
    if (openReader(index, { allowWeak }) !== undefined) recorder?.begin(readIndexOf(tree, index));
    const listed = readPackages(tree, index, { allowWeak, recorder, unnamed });
    for await (const batch of placeFlatPackages(findBase, index.suite, listed)) {
      for (const item of batch) {
        // Filters choose among the packages of all indices. Without filters nothing needs to be gathered first.
        if (filtersPackages(filters)) gathered.push({ item: asListedIn(index, item), source: index.name });
        else {
          const files = filesOf(item).map((file) => ({ file, isFirst: plan.add(file, index.name) }));
          recorder?.add(item, files);
        }
      }
    }
  }
  const kept = new Set(
    filterPackages(
      gathered.map(({ item }) => item),
      filters,
    ),
  );
  for (const { item, source } of gathered)
    if (kept.has(item)) for (const file of filesOf(item)) plan.add(file, source);
  if (unnamed.length > 0) recorder?.giveUp();
  return { plan, leftOut: gathered.filter(({ item }) => !kept.has(item)), unnamed };
}

/**
 * Returns a package as the clients of an index see it. The index of a variant also lists packages that were not built
 * for the variant, and their newest version there is the newest that its clients can have.
 */
function asListedIn({ wanted: { architecture } }: HeldIndex, item: ListedPackage): ListedPackage {
  const isOfVariant = architecture !== undefined && isVariant(architecture);
  return isOfVariant && "file" in item ? { ...item, variant: architecture } : item;
}

/** MD5SUMS lists the same files, with digests that can be forged. Returns whether the index is a list of images. */
async function addImages(tree: TreeFiles, plan: FilePlan, index: HeldIndex): Promise<boolean> {
  const { name, wanted } = index;
  if (wanted.kind !== "installer-images" || basename(name) !== "SHA256SUMS") return false;
  const text = Buffer.concat(await Array.fromAsync(readIndex(tree, index))).toString("latin1");
  for (const file of parseSha256Sums(text, normalizePath(dirname(name)), name)) plan.add(file, name);
  return true;
}

interface PackageReading extends Pick<FileReading, "allowWeak" | "recorder"> {
  readonly unnamed: UnnamedPackage[];
}

async function* readPackages(
  tree: TreeFiles,
  index: HeldIndex,
  { allowWeak, recorder, unnamed }: PackageReading,
): AsyncGenerator<readonly ListedPackage[]> {
  const reader = openReader(index, { allowWeak });
  if (reader === undefined) return;
  for await (const chunk of readIndex(tree, index)) {
    recorder?.read(chunk);
    yield reader.push(chunk);
  }
  yield reader.end();
  for (const record of reader.unnamed) unnamed.push({ ...record, source: index.name });
}
