import { createHash, type Hash, hash } from "node:crypto";
import { crc32 } from "node:zlib";
import {
  type DigestAlgorithm,
  type Digests,
  digestAlgorithms,
  parseSha256,
  type Sha256,
} from "../repository/index.ts";

/** Counts and hashes bytes as they arrive. */
export class RunningDigests {
  readonly #hashes: ReadonlyMap<DigestAlgorithm, Hash>;
  #sizeBytes = 0;

  /** Computes SHA-256, which names the object, and the other algorithms of `listed`. */
  constructor(listed: Digests) {
    this.#hashes = new Map(algorithmsOf(listed).map((algorithm) => [algorithm, createHash(algorithm)]));
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  update(chunk: Uint8Array): void {
    this.#sizeBytes += chunk.length;
    for (const running of this.#hashes.values()) running.update(chunk);
  }

  /** Returns the digests. Call it once, at the end. */
  finish(): Digests & { readonly sha256: Sha256 } {
    const digests: { [Algorithm in DigestAlgorithm]?: string } = {};
    for (const [algorithm, running] of this.#hashes) digests[algorithm] = running.digest("hex");
    return { ...digests, sha256: parseSha256(digests.sha256 ?? "") };
  }
}

/** Hashes bytes that are all there, without objects that live until the garbage collector runs. Computes the same as `RunningDigests`. */
export function digestsOf(bytes: Uint8Array, listed: Digests = {}): Digests & { readonly sha256: Sha256 } {
  const digests: { [Algorithm in DigestAlgorithm]?: string } = {};
  for (const algorithm of algorithmsOf(listed)) digests[algorithm] = hash(algorithm, bytes, "hex");
  return { ...digests, sha256: parseSha256(digests.sha256 ?? "") };
}

/** Returns the algorithms by which a file is hashed: SHA-256, which names the object, and those of `listed`. */
export const algorithmsOf = (listed: Digests): readonly DigestAlgorithm[] =>
  digestAlgorithms.filter((name) => name === "sha256" || listed[name] !== undefined);

/** Returns the CRC-32 of bytes: at little cost it shows that they differ from others, and never that they are the same. */
export const checksumOf = (bytes: Uint8Array): number => crc32(bytes);
