import { hashFile, readBufferBytes } from "../../platform/hashing/hash-file.ts";
import { algorithmsOf, digestsOf } from "../../platform/running-digests.ts";
import { type Digests, type ListedFile, parseSha256, type Sha256 } from "../../repository/index.ts";
import { mismatchOf } from "../../trust/index.ts";
import type { ObjectAdopter, ReceivedBytes } from "../adopt.ts";

/** Received bytes, what they are listed as, and where they go. */
export interface Keeping {
  readonly received: ReceivedBytes;
  readonly listed: ListedFile;
  /** Its directory exists. */
  readonly target: string;
}

/** What received bytes are. */
export interface Found {
  readonly sizeBytes: number;
  readonly digests: Digests & { readonly sha256: Sha256 };
}

/**
 * Hashes received bytes. If they are the listed file, names them as an object and links it to the target. Otherwise leaves
 * them, and returns what they are. Yields how many bytes it has read, so that others can have their turn.
 */
export function* keep(
  objects: ObjectAdopter,
  { received, listed, target }: Keeping,
  readBuffer?: Uint8Array,
): Generator<number, Found | undefined, undefined> {
  const found = yield* findDigests(received, listed.digests, readBuffer);
  if (!isListed(found, listed)) return found;
  objects.adopt(received, found.digests.sha256, target);
  return undefined;
}

/** Computes SHA-256, which names the object, and the other algorithms of `listed`. */
export function* findDigests(
  received: ReceivedBytes,
  listed: Digests,
  readBuffer?: Uint8Array,
): Generator<number, Found, undefined> {
  if ("bytes" in received)
    return { sizeBytes: received.bytes.length, digests: digestsOf(received.bytes, listed) };
  const file = { ...received, algorithms: algorithmsOf(listed) };
  let sizeBytes = 0;
  for (const step of hashFile(file, readBuffer ?? Buffer.allocUnsafeSlow(readBufferBytes))) {
    if (typeof step === "number") {
      sizeBytes += step;
      yield step;
    } else if ("failure" in step) throw Object.assign(new Error(step.failure.message), step.failure);
    else return { sizeBytes, digests: { ...step.digests, sha256: parseSha256(step.digests.sha256 ?? "") } };
  }
  throw new Error(`${received.path}: hashing ended without a result`);
}

/** True if bytes have the listed size, if there is one, and every listed digest. */
export const isListed = (found: Found, { path, digests, sizeBytes = found.sizeBytes }: ListedFile): boolean =>
  mismatchOf(found, { path, digests, sizeBytes }) === undefined;
