import { createHash, hash } from "node:crypto";
import { closeSync, constants, openSync, readSync } from "node:fs";
import type { DigestAlgorithm, Digests } from "../../repository/index.ts";

export interface FileToHash {
  readonly path: string;
  /** The expected size. The file may have another one; it is read to its end. */
  readonly sizeBytes: number;
  readonly algorithms: readonly DigestAlgorithm[];
}

/** The digests of a file, or why it could not be read. Threads send each other values like these. */
export type Hashed = { readonly digests: Digests } | { readonly failure: ReadFailure };

export interface ReadFailure {
  readonly code: string;
  readonly message: string;
}

/** Stays in the cache of a processor. Larger reads are not faster. */
export const readBufferBytes = 256 << 10;

/** A path may have become a pipe, which nobody may ever write to, or a link to elsewhere. */
const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Reads a file into `buffer`, piece by piece, and hashes it. Yields the size of each piece as it is read, and the result at
 * the end. Between two pieces, the caller may let others have their turn. A caller that stops early closes the file.
 * Throws if the file cannot be closed: that says nothing about its bytes.
 */
export function* hashFile(file: FileToHash, buffer: Uint8Array): Generator<number | Hashed, void, undefined> {
  let descriptor: number | undefined;
  let hashed: Hashed;
  try {
    descriptor = openSync(file.path, flags);
    hashed = { digests: yield* readAndHash(descriptor, file, buffer) };
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    hashed = { failure: { code: String(error.code), message: error.message } };
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
  yield hashed;
}

function* readAndHash(
  descriptor: number,
  { sizeBytes, algorithms }: FileToHash,
  buffer: Uint8Array,
): Generator<number, Digests, undefined> {
  let count = readSync(descriptor, buffer);
  yield count;
  // Most files: one read got fewer bytes than asked for, so that the file has ended, as was expected.
  if (count === sizeBytes && count < buffer.length) return digestsOf(algorithms, buffer.subarray(0, count));
  const hashes = algorithms.map((algorithm) => [algorithm, createHash(algorithm)] as const);
  while (count > 0) {
    for (const [, running] of hashes) running.update(buffer.subarray(0, count));
    count = readSync(descriptor, buffer);
    yield count;
  }
  return Object.fromEntries(hashes.map(([algorithm, running]) => [algorithm, running.digest("hex")]));
}

const digestsOf = (algorithms: readonly DigestAlgorithm[], bytes: Uint8Array): Digests =>
  Object.fromEntries(algorithms.map((algorithm) => [algorithm, hash(algorithm, bytes, "hex")]));
