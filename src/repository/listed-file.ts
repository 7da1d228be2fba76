import type { Digests } from "./digests.ts";
import type { RepositoryPath } from "./paths.ts";

/** The compressions of an index. Each but "plain" is also the suffix of its name. */
export type Compression = "plain" | "gz" | "xz" | "bz2" | "zst" | "lzma" | "lz4";

/** Limits a file that is listed without a size, so that nothing signed limits it: 4 GiB. */
export const unlistedBytesMax = 4 * 2 ** 30;

/** A file as signed metadata lists it. */
export interface ListedFile {
  /** Below the base URL of the repository, and in a tree. */
  readonly path: RepositoryPath;
  /** Undefined in a list without sizes, which is SHA256SUMS. */
  readonly sizeBytes: number | undefined;
  readonly digests: Digests;
}
