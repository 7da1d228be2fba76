import type { Digests } from "./digests.ts";
import type { RepositoryPath } from "./paths.ts";

/** Limits a file that is listed without a size, so that nothing signed limits it: 4 GiB. */
export const unlistedBytesMax = 4 * 2 ** 30;

/** A file as signed metadata lists it: where it stands below the repository's base, how long it is, what it hashes to. */
export interface ListedFile {
  readonly path: RepositoryPath;
  /** Undefined in a list without sizes: SHA256SUMS. Its digests alone then say whether the bytes are right. */
  readonly sizeBytes: number | undefined;
  readonly digests: Digests;
}
