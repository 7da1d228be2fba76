import { basename, dirname } from "node:path";
import {
  FilePlan,
  filterPackages,
  filtersPackages,
  type PackageFilters,
  type SuiteMetadata,
  variantOfIndex,
} from "../../../plan/index.ts";
import {
  normalizePath,
  PackagesReader,
  parseSha256Sums,
  SourcesReader,
  type UnnamedRecord,
} from "../../../repository/index.ts";
import type { BroughtIndex } from "./fetch-index.ts";
import { filesOf, type ListedPackage } from "./listed-package.ts";
import { type BaseFinder, placeFlatPackages } from "./place-flat-packages.ts";
import { type Decompression, readChecked } from "./read-checked.ts";

/** What the indices of a tree are read with. */
export interface IndexReading extends Decompression, BaseFinder {
  readonly filters: PackageFilters;
  readonly allowWeak: boolean;
}

export interface ListedFiles {
  /** Filters applied. */
  readonly plan: FilePlan;
  readonly leftOut: readonly SourcedPackage[];
  /** Packages with a file that cannot be named here: no part of the plan. */
  readonly unnamed: readonly UnnamedPackage[];
}

/** A package that is listed under a path which is not UTF-8, and the index that lists it. */
export interface UnnamedPackage extends UnnamedRecord {
  readonly source: string;
}

/** A package, and the index that lists it. */
export interface SourcedPackage {
  readonly item: ListedPackage;
  readonly source: string;
}

/** The files that all Packages and Sources in the tree name, and the images of the installer. */
export async function readIndices(
  reading: IndexReading,
  suites: readonly SuiteMetadata[],
  indices: readonly BroughtIndex[],
  tree: string,
): Promise<ListedFiles> {
  const plan = new FilePlan(suites);
  const { filters } = reading;
  const gathered: SourcedPackage[] = [];
  const unnamed: UnnamedPackage[] = [];
  for (const index of indices) {
    await addImages(reading, plan, index, tree);
    const listed = readPackagesOf(reading, index, tree, unnamed);
    for await (const items of placeFlatPackages(reading, index.suite, listed)) {
      for (const item of items) {
        // Filters choose among the packages of all indices; without them nothing needs to be gathered first.
        if (filtersPackages(filters))
          gathered.push({ item: asListedIn(index.name, item), source: index.name });
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
 * The package as the clients of an index see it. An index of a variant lists also packages that were not built for the
 * variant, and their newest version there is the newest that its clients can have.
 */
function asListedIn(index: string, item: ListedPackage): ListedPackage {
  const variant = variantOfIndex(index);
  return variant === undefined || !("file" in item) ? item : { ...item, variant };
}

function addFiles(plan: FilePlan, item: ListedPackage, source: string): void {
  for (const file of filesOf(item)) plan.add(file, source);
}

/** MD5SUMS names the same files, by digests that can be forged. */
async function addImages(
  reading: IndexReading,
  plan: FilePlan,
  index: BroughtIndex,
  tree: string,
): Promise<void> {
  const { name, wanted } = index;
  if (wanted.kind !== "installer-images" || basename(name) !== "SHA256SUMS") return;
  const chunks: Uint8Array[] = [];
  for await (const chunk of readChecked(reading, index, tree)) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString("latin1");
  for (const file of parseSha256Sums(text, normalizePath(dirname(name)), name)) plan.add(file, name);
}

async function* readPackagesOf(
  reading: IndexReading,
  index: BroughtIndex,
  tree: string,
  unnamed: UnnamedPackage[],
): AsyncGenerator<readonly ListedPackage[]> {
  const { kind } = index.wanted;
  if (kind !== "packages" && kind !== "sources") return;
  const { allowWeak } = reading;
  const reader =
    kind === "packages"
      ? new PackagesReader(index.name, { allowWeak })
      : new SourcesReader(index.name, { allowWeak });
  for await (const chunk of readChecked(reading, index, tree)) yield reader.push(chunk);
  yield reader.end();
  for (const record of reader.unnamed) unnamed.push({ ...record, source: index.name });
}
