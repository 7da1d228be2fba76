import { createHash, type Hash } from "node:crypto";
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
    const algorithms = digestAlgorithms.filter((name) => name === "sha256" || listed[name] !== undefined);
    this.#hashes = new Map(algorithms.map((algorithm) => [algorithm, createHash(algorithm)]));
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  update(chunk: Uint8Array): void {
    this.#sizeBytes += chunk.length;
    for (const hash of this.#hashes.values()) hash.update(chunk);
  }

  /** Returns the digests. Call it once, at the end. */
  finish(): Digests & { readonly sha256: Sha256 } {
    const digests: { [Algorithm in DigestAlgorithm]?: string } = {};
    for (const [algorithm, hash] of this.#hashes) digests[algorithm] = hash.digest("hex");
    return { ...digests, sha256: parseSha256(digests.sha256 ?? "") };
  }
}

export function digestsOf(bytes: Uint8Array): Digests & { readonly sha256: Sha256 } {
  const running = new RunningDigests({});
  running.update(bytes);
  return running.finish();
}
