import type { RepositoryPath } from "../../repository/index.ts";
import { countDirectoriesOf } from "../space.ts";
import type { IndexListing } from "./index-listing.ts";
import { digestsIn, filesIn, pathsIn } from "./list-lines.ts";
import type { PlannedFile, TreePlan } from "./planned-files.ts";
import type { SoughtTexts } from "./sought-texts.ts";

/** The plan of a tree by how its indices list the files. Makes a file of a line when it is asked for. */
export class ListedPlan implements TreePlan {
  readonly listings: readonly IndexListing[];
  readonly count: number;
  readonly sizeBytes: number;
  #directories: number | undefined;

  constructor(
    listings: readonly IndexListing[],
    { count, sizeBytes }: Pick<TreePlan, "count" | "sizeBytes">,
  ) {
    this.listings = listings;
    this.count = count;
    this.sizeBytes = sizeBytes;
  }

  *files(): Generator<PlannedFile, void, undefined> {
    for (const { name, parts } of this.listings)
      for (const part of parts)
        for (const { path, sha256, sizeBytes } of filesIn(part)) {
          const digests = sha256 === undefined ? {} : { sha256 };
          yield { path, sizeBytes, digests, source: name, listed: digests };
        }
  }

  *paths(): Generator<RepositoryPath, void, undefined> {
    for (const { parts } of this.listings) for (const part of parts) yield* pathsIn(part);
  }

  countDirectories(): number {
    return (this.#directories ??= countDirectoriesOf(this.paths()));
  }

  *digests(sought: SoughtTexts): Generator<string, void, undefined> {
    for (const { parts } of this.listings) for (const part of parts) yield* digestsIn(part, sought);
  }
}
