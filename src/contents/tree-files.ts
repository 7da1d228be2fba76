import type { Compression, RepositoryPath } from "../repository/index.ts";

/** Reads the files of one tree: of a directory, or of whatever else keeps trees. */
export interface TreeFiles {
  readonly has: (path: RepositoryPath) => boolean;
  /** Returns the bytes of a signature file; undefined if the tree does not have it, or if it is larger than any. */
  read(path: RepositoryPath): Uint8Array | undefined;
  /**
   * Streams the decompressed bytes of a file. Fails with a DecompressionError if there are more than `bytesMax`, or if
   * the file is damaged. Each chunk is the caller's alone.
   */
  decompress(path: RepositoryPath, compression: Compression, bytesMax: number): AsyncIterable<Uint8Array>;
  /** Returns the name of the program that a compression needs and that is not installed; undefined if all is there. */
  missingProgram(compression: Compression): string | undefined;
}
