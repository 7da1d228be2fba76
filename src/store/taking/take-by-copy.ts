import {
  closeFile,
  openNew,
  removeFile,
  setFileTimes,
  syncFile,
  syncPath,
  writeFully,
} from "../../platform/files.ts";
import { cloneFile, openForeign, readNext } from "../../platform/foreign-files.ts";
import { type Stats, statOpenFile } from "../../platform/look.ts";
import { digestsOf, RunningDigests } from "../../platform/running-digests.ts";
import type { ReceivedBytes } from "../adopt.ts";
import { type Found, findDigests, isListed } from "../keeping/keep.ts";
import { ofSource } from "./source.ts";
import { isOtherFile, type TakeOutcome, type TakerTools, type Taking, type Way } from "./taking.ts";

/** What was read, and what it is. */
interface Read {
  readonly bytes: ReceivedBytes;
  readonly found: Found;
  readonly way: Way;
}

/**
 * Takes a file by a clone or else by a copy. What is hashed is the clone, or what is written: the file itself may change
 * meanwhile. The object has the modification time of the file: mirror tools set it to upstream's Last-Modified.
 */
export function* takeByCopy(
  tools: TakerTools,
  taking: Taking,
  unfinished: string,
): Generator<number, TakeOutcome, undefined> {
  const { from, listed, target } = taking;
  const descriptor = ofSource(() => openForeign(from));
  try {
    const stats = ofSource(() => statOpenFile(descriptor));
    if (isOtherFile(stats, taking)) return { kind: "different", found: undefined };
    removeFile(unfinished); // of a run that was killed
    const read =
      (yield* readClone(tools, { descriptor, stats }, taking, unfinished)) ??
      (yield* readBytes(tools, { descriptor, stats }, taking, unfinished));
    if (!isListed(read.found, listed)) return { kind: "different", found: read.found };
    tools.objects.adopt(read.bytes, read.found.digests.sha256, target);
    return { kind: "taken", way: read.way, sizeBytes: read.found.sizeBytes };
  } finally {
    closeFile(descriptor);
    removeFile(unfinished);
  }
}

interface OpenFile {
  readonly descriptor: number;
  readonly stats: Stats;
}

/** Returns undefined if the file cannot be cloned. */
function* readClone(
  { unclonable, buffer }: TakerTools,
  { descriptor, stats }: OpenFile,
  { listed }: Taking,
  path: string,
): Generator<number, Read | undefined, undefined> {
  if (unclonable.has(stats.dev)) return undefined;
  if (!cloneFile(descriptor, path)) {
    unclonable.add(stats.dev);
    return undefined;
  }
  const found = yield* findDigests({ path, sizeBytes: stats.size }, listed.digests, buffer);
  if (listed.sizeBytes === undefined) syncPath(path);
  return { bytes: { path, sizeBytes: found.sizeBytes }, found, way: "cloned" };
}

/** Most files fit into the buffer. They are written once, under their own names. */
function* readBytes(
  { buffer }: TakerTools,
  { descriptor, stats }: OpenFile,
  { listed }: Taking,
  path: string,
): Generator<number, Read, undefined> {
  const first = ofSource(() => readNext(descriptor, buffer));
  if (first === stats.size && first < buffer.length && listed.sizeBytes !== undefined) {
    const bytes = buffer.subarray(0, first);
    yield first;
    const found = { sizeBytes: first, digests: digestsOf(bytes, listed.digests) };
    return { bytes: { bytes, modifiedAt: stats.mtime }, found, way: "copied" };
  }
  const running = new RunningDigests(listed.digests);
  const copy = openNew(path);
  try {
    // A file that grows is not read further than it was long, and so has other bytes.
    for (let count = first; count > 0 && running.sizeBytes <= stats.size; ) {
      const chunk = buffer.subarray(0, count);
      running.update(chunk);
      writeFully(copy, chunk);
      yield count;
      count = ofSource(() => readNext(descriptor, buffer));
    }
    setFileTimes(copy, stats.mtime, stats.mtime);
    if (listed.sizeBytes === undefined) syncFile(copy);
  } finally {
    closeFile(copy);
  }
  const { sizeBytes } = running;
  return { bytes: { path, sizeBytes }, found: { sizeBytes, digests: running.finish() }, way: "copied" };
}
