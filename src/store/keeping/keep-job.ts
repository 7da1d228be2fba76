import { dirname } from "node:path";
import { hasCode, MirrorctlError } from "../../errors.ts";
import { makeDirectory } from "../../platform/files.ts";
import { readBufferBytes } from "../../platform/hashing/hash-file.ts";
import { failureOf, type SystemFailure } from "../../platform/threads/failures.ts";
import type { Digests, ListedFile, RepositoryPath } from "../../repository/index.ts";
import { createObjectStore, type ObjectStore } from "../object-store.ts";
import type { Received } from "../partial-file.ts";
import { type Found, type Keeping, keep } from "./keep.ts";

/** What the thread has from its start. */
export interface Workplace {
  /** The directory of the objects. */
  readonly objects: string;
  /** Where downloads are until they have a file. */
  readonly memory: Uint8Array;
}

/**
 * What the thread is to keep: received bytes, in a file or in the memory, where nobody changes them until it answers. A tuple,
 * since the names of properties are half of what it costs to send an object to a thread.
 */
export type Job = readonly [
  /** The path of a file, or an offset in the memory. */
  place: string | number,
  sizeBytes: number,
  /** Of bytes in memory: the modification time of the file that they become. */
  modifiedAtMs: number,
  target: string,
  listedPath: RepositoryPath,
  listedBytes: number | undefined,
  /** Algorithms, each with its digest behind it. */
  ...listedDigests: readonly string[],
];

/** Returns what the thread needs to keep a file. */
export function jobOf(received: Received, { path, sizeBytes, digests }: ListedFile, target: string): Job {
  const listed = Object.entries(digests).flat();
  if ("path" in received) return [received.path, received.sizeBytes, 0, target, path, sizeBytes, ...listed];
  const { memory, modifiedAt } = received;
  return [memory.offset, memory.sizeBytes, modifiedAt.getTime(), target, path, sizeBytes, ...listed];
}

export type Outcome =
  /** Undefined if the bytes were adopted. */
  | { readonly found: Found | undefined }
  | { readonly failure: SystemFailure }
  /** An error whose class a message between threads would lose. The caller tries the same again, and meets it with its class. */
  | "refused";

/** Returns what does one job after another. */
export function jobKeeper(workplace: Workplace): (job: Job) => Outcome {
  const objects = createObjectStore(workplace.objects);
  const memory = Buffer.from(workplace.memory.buffer);
  const readBuffer = Buffer.allocUnsafeSlow(readBufferBytes);
  const directories = new Set<string>();
  return ([place, sizeBytes, modifiedAtMs, target, path, listedBytes, ...digests]) => {
    const received =
      typeof place === "string"
        ? { path: place, sizeBytes }
        : { bytes: memory.subarray(place, place + sizeBytes), modifiedAt: new Date(modifiedAtMs) };
    const listed = { path, sizeBytes: listedBytes, digests: digestsFrom(digests) };
    return attempt(() =>
      isPlaced(target, directories)
        ? { found: keepAtOnce(objects, { received, listed, target }, readBuffer) }
        : "refused",
    );
  };
}

/** Makes the directory of the target, unless it is one of those `made`. Returns false if a file has its name. */
function isPlaced(target: string, made: Set<string>): boolean {
  const directory = dirname(target);
  if (made.has(directory)) return true;
  try {
    makeDirectory(directory);
  } catch (error) {
    if (hasCode(error, "EEXIST", "ENOTDIR")) return false;
    throw error;
  }
  made.add(directory);
  return true;
}

function digestsFrom(entries: readonly string[]): Digests {
  const digests: Record<string, string> = {};
  for (let at = 0; at < entries.length; at += 2) digests[entries[at] ?? ""] = entries[at + 1] ?? "";
  return digests;
}

function attempt(keepIt: () => Outcome): Outcome {
  try {
    return keepIt();
  } catch (error) {
    if (!(error instanceof Error) || error instanceof MirrorctlError) return "refused";
    return { failure: failureOf(error) };
  }
}

function keepAtOnce(objects: ObjectStore, keeping: Keeping, readBuffer: Uint8Array): Found | undefined {
  const steps = keep(objects, keeping, readBuffer);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
