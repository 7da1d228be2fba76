import type { PackageFilters } from "../plan/index.ts";
import { digestsOf } from "../platform/running-digests.ts";
import {
  type FieldName,
  type ListedFile,
  type RepositoryPath,
  signatureFileNames,
} from "../repository/index.ts";
import { namesOfForm, type ReleasedSuite } from "./expected-indices.ts";
import { type FindBase, findBaseIn } from "./flat-paths.ts";
import type { HeldIndex } from "./held-index.ts";
import { type ListedFiles, listFiles } from "./list-files.ts";
import type { ListingRecorder } from "./listing/listing-recorder.ts";
import { type PackageRecord, readRecords } from "./package-records.ts";
import type { TreeFiles } from "./tree-files.ts";

/** A suite of a tree, and the indices of it that the tree holds. */
export interface SuiteContents extends ReleasedSuite {
  readonly indices: readonly HeldIndex[];
}

/** How the contents of a tree are read: as the sync that made it did. */
export interface ContentsReading {
  readonly filters: PackageFilters;
  /** Accept packages that are listed with MD5 or SHA-1 alone. */
  readonly allowWeak: boolean;
  /** Looks into the tree if absent. */
  readonly findBase?: FindBase;
  /** Paths that the indices list and the tree lacks, because upstream lacked them. */
  readonly missing?: readonly string[];
}

/** What a tree contains. Every reading starts from the files of the tree again, and checks the bytes of each index. */
export interface Contents {
  /** The tree that has them. */
  readonly tree: TreeFiles;
  readonly suites: readonly SuiteContents[];
  /** Lists what Packages, Sources and the lists of installer images name, with the filters applied. */
  listFiles(recorder?: ListingRecorder): Promise<ListedFiles>;
  /** Streams every file of the tree once: signature files, indices under each of their names, and what these list. */
  files(): AsyncIterable<ListedFile>;
  /** Streams every binary package that the indices list, or those of one index, whatever the filters leave out. */
  packages<Field extends FieldName>(
    fields: readonly Field[],
    of?: HeldIndex,
  ): AsyncIterable<PackageRecord<Field>>;
  /** Streams every source package that the indices list, or those of one index. */
  sources<Field extends FieldName>(
    fields: readonly Field[],
    of?: HeldIndex,
  ): AsyncIterable<PackageRecord<Field>>;
}

/** Opens what a tree contains of these suites. */
export function openContents(
  tree: TreeFiles,
  suites: readonly SuiteContents[],
  { findBase = findBaseIn(tree), missing = [], ...reading }: ContentsReading,
): Contents {
  const list = (recorder?: ListingRecorder) => listFiles(tree, suites, { ...reading, findBase, recorder });
  async function* files(): AsyncGenerator<ListedFile> {
    const metadata = metadataFiles(tree, suites);
    yield* metadata.values();
    const { plan } = await list();
    const others = new Set<string>([...metadata.keys(), ...missing]);
    for (const { path, sizeBytes, listed: digests } of plan.files())
      if (!others.has(path)) yield { path, sizeBytes, digests };
  }
  async function* records<Field extends FieldName>(
    kind: "packages" | "sources",
    fields: readonly Field[],
    of: HeldIndex | undefined,
  ) {
    for (const index of of === undefined ? suites.flatMap(({ indices }) => indices) : [of])
      if (index.wanted.kind === kind) yield* readRecords(tree, index, fields);
  }
  return {
    tree,
    suites,
    listFiles: list,
    files,
    packages: (fields, of) => records("packages", fields, of),
    sources: (fields, of) => records("sources", fields, of),
  };
}

/** Returns the files by path: two indices with the same bytes share their names by digest. */
function metadataFiles(
  tree: TreeFiles,
  suites: readonly SuiteContents[],
): ReadonlyMap<RepositoryPath, ListedFile> {
  const files = suites.flatMap((suite) => [...signatureFiles(tree, suite), ...indexFiles(suite)]);
  return new Map(files.map((file) => [file.path, file]));
}

function signatureFiles(tree: TreeFiles, { suite }: SuiteContents): readonly ListedFile[] {
  return signatureFileNames.flatMap((name) => {
    const path = suite.path(name);
    const bytes = tree.read(path);
    return bytes === undefined ? [] : [{ path, sizeBytes: bytes.length, digests: digestsOf(bytes) }];
  });
}

function indexFiles(suite: SuiteContents): readonly ListedFile[] {
  return suite.indices.flatMap(({ forms }) =>
    forms.flatMap((form) => namesOfForm(suite, form).map((path) => ({ ...form.entry, path }))),
  );
}
