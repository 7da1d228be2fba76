import { filesOf, type ListedFiles } from "../../../contents/index.ts";
import type { Listing } from "../../../plan/index.ts";
import { decidingDigests, type ListedFile } from "../../../repository/index.ts";

/** A file that the indices of a tree list. */
export interface ExpectedFile {
  /** With the digests that decide. */
  readonly file: ListedFile;
  /** Every listed digest, if all of them must be compared; otherwise empty. */
  readonly listings: readonly Listing[];
  readonly isLeftOut: boolean;
}

/** Yields each path once. Files that filters leave out may exist, in a tree that was made under other filters. */
export function* expectedFiles({ plan, leftOut }: ListedFiles, allDigests: boolean): Generator<ExpectedFile> {
  for (const file of plan.files())
    yield { file, listings: allDigests ? plan.listingsOf(file) : [], isLeftOut: false };
  const filesLeftOut = leftOut.flatMap(({ item, source }) => filesOf(item).map((file) => ({ file, source })));
  for (const [path, listed] of Map.groupBy(filesLeftOut, ({ file }) => file.path)) {
    const [first] = listed;
    if (first === undefined || plan.has(path)) continue;
    const file = { ...first.file, digests: decidingDigests(first.file.digests) };
    const listings = allDigests ? listed.map(listingOf) : [];
    yield { file, listings, isLeftOut: true };
  }
}

const listingOf = ({ file, source }: { readonly file: ListedFile; readonly source: string }): Listing => ({
  source,
  digests: file.digests,
});
