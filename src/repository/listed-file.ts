import type { Digests } from "./digests.ts";
import type { RepositoryPath } from "./paths.ts";

/** A file as signed metadata lists it: where it stands below the repository's base, how long it is, what it hashes to. */
export interface ListedFile {
  readonly path: RepositoryPath;
  readonly sizeBytes: number;
  readonly digests: Digests;
}
