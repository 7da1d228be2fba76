import { basename, dirname } from "node:path";
import {
  FilePlan,
  filterPackages,
  filtersPackages,
  isVariant,
  type PackageFilters,
  type SuiteMetadata,
} from "../plan/index.ts";
import {
  normalizePath,
  PackagesReader,
  parseSha256Sums,
  SourcesReader,
  type UnnamedRecord,
} from "../repository/index.ts";
import { type FindBase, placeFlatPackages } from "./flat-paths.ts";
import type { HeldIndex } from "./held-index.ts";
import { filesOf, type ListedPackage } from "./listed-package.ts";
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
}

/** Lists the files of all Packages and Sources, and the images of the installer. */
export async function listFiles(
  tree: TreeFiles,
  suites: readonly (SuiteMetadata & { readonly indices: readonly HeldIndex[] })[],
  { filters, allowWeak, findBase }: FileReading,
): Promise<ListedFiles> {
  const plan = new FilePlan(suites);
  const gathered: SourcedPackage[] = [];
  const unnamed: UnnamedPackage[] = [];
  for (const index of suites.flatMap(({ indices }) => indices)) {
    await addImages(tree, plan, index);
    const listed = readPackages(tree, index, allowWeak, unnamed);
    for await (const batch of placeFlatPackages(findBase, index.suite, listed)) {
      for (const item of batch) {
        // Filters choose among the packages of all indices. Without filters nothing needs to be gathered first.
        if (filtersPackages(filters)) gathered.push({ item: asListedIn(index, item), source: index.name });
        else addFiles(plan, item, index.name);
      }
    }
  }
  const kept = new Set(
    filterPackages(
      gathered.map(({ item }) => item),
      filters,
    ),
  );
  for (const { item, source } of gathered) if (kept.has(item)) addFiles(plan, item, source);
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

function addFiles(plan: FilePlan, item: ListedPackage, source: string): void {
  for (const file of filesOf(item)) plan.add(file, source);
}

/** MD5SUMS lists the same files, with digests that can be forged. */
async function addImages(tree: TreeFiles, plan: FilePlan, index: HeldIndex): Promise<void> {
  const { name, wanted } = index;
  if (wanted.kind !== "installer-images" || basename(name) !== "SHA256SUMS") return;
  const text = Buffer.concat(await Array.fromAsync(readIndex(tree, index))).toString("latin1");
  for (const file of parseSha256Sums(text, normalizePath(dirname(name)), name)) plan.add(file, name);
}

async function* readPackages(
  tree: TreeFiles,
  index: HeldIndex,
  allowWeak: boolean,
  unnamed: UnnamedPackage[],
): AsyncGenerator<readonly ListedPackage[]> {
  const { kind } = index.wanted;
  if (kind !== "packages" && kind !== "sources") return;
  const reader =
    kind === "packages"
      ? new PackagesReader(index.name, { allowWeak })
      : new SourcesReader(index.name, { allowWeak });
  for await (const chunk of readIndex(tree, index)) yield reader.push(chunk);
  yield reader.end();
  for (const record of reader.unnamed) unnamed.push({ ...record, source: index.name });
}
