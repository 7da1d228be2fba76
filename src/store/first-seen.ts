import { dirname } from "node:path";
import * as v from "valibot";
import type { MirrorLayout } from "../layout.ts";
import { closeFile, makeDirectory, openForAppend, syncFile, writeFully } from "../platform/files.ts";
import { writePartsDurably } from "../platform/flushing/durable-file.ts";
import { readChunks, statLinkIfAny } from "../platform/look.ts";
import { parseJsonIfAny } from "../platform/parse-json.ts";

/*
 * When a mirror first had the bytes of each file: one line of text for each, its time and its digest, in the order in which
 * syncs added them. A sync appends what it adds, and a question about any number of files reads the lines once: 0.2 s for
 * 300,000 files. A table keyed by the digest takes longer for both (docs/performance.md).
 *
 * The time is repeated in each line, so that a line that a power cut left says nothing about another one. A file may have
 * several lines: the earliest time holds.
 */

/** When a mirror first had the bytes of each file. Bytes without a line are not older than the tree they were found in. */
export interface FirstSeen {
  /** False before the first sync, and if the record was lost. */
  exists(): boolean;
  /** Replaces the record. The times are by digest. */
  replace(times: ReadonlyMap<string, Date>): void;
  /** Adds digests, flushed to disk. */
  add(digests: Iterable<string>, at: Date): void;
  /** Returns the recorded times of these digests. */
  timesOf(digests: ReadonlySet<string>): Promise<ReadonlyMap<string, Date>>;
  /** True if the record has twice as many lines as when it was last made whole. */
  hasDoubled(): Promise<boolean>;
  /** Makes the record whole: each digest once, without those that are not held any longer. Returns how many it forgot. */
  forget(isHeld: (digest: string) => boolean): Promise<number>;
}

/** The first line. `lines` were there when the file was last made whole. */
const header = v.object({ format: v.literal(1), lines: v.number() });

export function openFirstSeen({ firstSeen: path }: Pick<MirrorLayout, "firstSeen">): FirstSeen {
  const readHeader = async (): Promise<v.InferOutput<typeof header> | undefined> => {
    for await (const [line] of readLines(path, headerBytesMax)) {
      const parsed = v.safeParse(header, parseJsonIfAny(line));
      return parsed.success ? parsed.output : undefined;
    }
    return undefined;
  };
  const replace = (times: ReadonlyMap<string, Date>): void => {
    makeDirectory(dirname(path), 0o700);
    writePartsDurably(path, partsOf(times), 0o600);
  };
  /** Returns the earliest time of each digest that is wanted. */
  const read = async (isWanted: (digest: string) => boolean): Promise<ReadonlyMap<string, Date>> => {
    const texts = new Map<string, string>();
    const add = (line: string): void => {
      const digest = line.slice(timeLength + 1);
      if (line[timeLength] !== " " || !isWanted(digest)) return;
      const time = line.slice(0, timeLength);
      const known = texts.get(digest);
      if ((known === undefined || time < known) && isTime(time)) texts.set(digest, time);
    };
    for await (const lines of readLines(path)) lines.forEach(add);
    return new Map([...texts].map(([digest, time]) => [digest, new Date(time)]));
  };
  return {
    exists: () => (statLinkIfAny(path)?.size ?? 0) > 0,
    replace,
    add(digests, at) {
      const descriptor = openForAppend(path, 0o600);
      try {
        writeFully(descriptor, Buffer.from("\n")); // a killed run may have left half a line
        for (const part of inParts(digests, (digest) => lineOf(digest, at)))
          writeFully(descriptor, Buffer.from(part));
        syncFile(descriptor);
      } finally {
        closeFile(descriptor);
      }
    },
    timesOf: (digests) => read((digest) => digests.has(digest)),
    async hasDoubled() {
      const lines = (await readHeader())?.lines ?? 0;
      return (statLinkIfAny(path)?.size ?? 0) > 2 * Math.max(lines, linesMin) * lineBytes;
    },
    async forget(isHeld) {
      const times = await read((digest) => digestPattern.test(digest));
      const held = new Map([...times].filter(([digest]) => isHeld(digest)));
      replace(held);
      return times.size - held.size;
    },
  };
}

function* partsOf(times: ReadonlyMap<string, Date>): Generator<string> {
  yield `${JSON.stringify({ format: 1, lines: times.size })}\n`;
  yield* inParts(times, ([digest, at]) => lineOf(digest, at));
}

/** Joins lines to parts of some hundred kilobytes: all of them at once would be twice the file in memory. */
function* inParts<Item>(items: Iterable<Item>, lineFor: (item: Item) => string): Generator<string> {
  let lines: string[] = [];
  for (const item of items) {
    lines.push(lineFor(item));
    if (lines.length < linesAtOnce) continue;
    yield lines.join("");
    lines = [];
  }
  yield lines.join("");
}

const linesAtOnce = 4096;

const lineOf = (digest: string, at: Date): string => `${at.toISOString()} ${digest}\n`;

/** Of an ISO 8601 time as Date writes it, up to the year 9999. */
const timeLength = "2026-05-04T03:02:01.000Z".length;
const isTime = (text: string): boolean => !Number.isNaN(Date.parse(text));
const digestPattern = /^[0-9a-f]{32,128}$/;

/** Of a line with a SHA-256. */
const lineBytes = timeLength + 1 + 64 + 1;
/** A small record is not worth making whole. */
const linesMin = 10_000;
const headerBytesMax = 4096;

/** Streams the lines of a file in batches; none if it is missing. */
async function* readLines(path: string, chunkBytes?: number): AsyncGenerator<readonly string[], void> {
  if (statLinkIfAny(path) === undefined) return;
  let rest = "";
  for await (const chunk of readChunks(path, chunkBytes)) {
    const lines = `${rest}${Buffer.from(chunk).toString("latin1")}`.split("\n");
    rest = lines.pop() ?? "";
    yield lines;
  }
}
