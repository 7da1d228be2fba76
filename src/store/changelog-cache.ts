import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import * as v from "valibot";
import { DecompressionError } from "../platform/decompress/errors.ts";
import { gunzip } from "../platform/decompress/gunzip.ts";
import { makeDirectory, removeFile, writeSmallFile } from "../platform/files.ts";
import { listDirectory, readBytesIfAny, statLinkIfAny } from "../platform/look.ts";
import { parseJsonIfAny } from "../platform/parse-json.ts";
import type { Sha256 } from "../repository/index.ts";

const text = v.string();

const entry = v.object({
  source: text,
  version: text,
  distributions: v.pipe(v.array(text), v.readonly()),
  urgency: v.optional(text),
  isBinaryOnly: v.boolean(),
  keys: v.pipe(v.record(text, text), v.readonly()),
  body: text,
  maintainer: v.optional(text),
  date: v.optional(text),
});

const cached = v.variant("kind", [
  v.object({
    kind: v.literal("changelog"),
    entries: v.pipe(
      v.array(
        v.pipe(
          entry,
          v.transform(({ urgency, maintainer, date, ...one }) => ({ ...one, urgency, maintainer, date })),
        ),
      ),
      v.readonly(),
    ),
    isCut: v.boolean(),
  }),
  v.object({ kind: v.literal("link"), target: text }),
  v.object({ kind: v.literal("none") }),
]);

/** What was found in a .deb. */
export type CachedChangelog = v.InferOutput<typeof cached>;

const file = v.object({ format: v.literal(1), found: cached });

/** The changelogs of .debs that were read before, by the SHA-256 of the .deb. May be lost at any time. */
export interface ChangelogCache {
  /** Returns undefined if it is not known, or if this user may not read it. */
  read(deb: Sha256): CachedChangelog | undefined;
  /** Does nothing if this user may not write it, or the disk is full: the .deb is read again next time. */
  write(deb: Sha256, found: CachedChangelog): void;
}

/** Files in each of the 256 directories: 8192 changelogs in all, some hundred megabytes. */
const filesMax = 32;
const fileBytesMax = 64 * 2 ** 20;

export function openChangelogCache({ changelogs }: { readonly changelogs: string }): ChangelogCache {
  const pathOf = (deb: Sha256): string => join(changelogs, deb.slice(0, 2), `${deb}.json.gz`);
  return {
    read(deb) {
      const path = pathOf(deb);
      const parsed = v.safeParse(file, parseJsonIfAny(unlessUnusable(() => readText(path))));
      return parsed.success ? parsed.output.found : undefined;
    },
    write(deb, found) {
      const path = pathOf(deb);
      unlessUnusable(() => {
        for (const directory of [dirname(changelogs), changelogs, dirname(path)])
          makeDirectory(directory, 0o700);
        removeOldest(dirname(path));
        writeSmallFile(path, gzipSync(JSON.stringify({ format: 1, found })), 0o600);
      });
    },
  };
}

/** A file that was cut off has no end, and is read as none. */
function readText(path: string): string | undefined {
  const bytes = readBytesIfAny(path);
  return bytes && gunzip(path, bytes, fileBytesMax).toString("utf8");
}

/** Makes room for one more file. */
function removeOldest(directory: string): void {
  const files = listDirectory(directory).map(({ name }) => join(directory, name));
  const surplus = files.length - (filesMax - 1);
  if (surplus <= 0) return;
  for (const path of files.toSorted((a, b) => writtenMs(a) - writtenMs(b)).slice(0, surplus))
    removeFile(path);
}

const writtenMs = (path: string): number => statLinkIfAny(path)?.mtimeMs ?? 0;

/** Whatever keeps a cache from being used costs time and nothing else. */
function unlessUnusable<Value>(use: () => Value): Value | undefined {
  try {
    return use();
  } catch (error) {
    const isOfDisk = error instanceof Error && "syscall" in error;
    if (isOfDisk || error instanceof DecompressionError) return undefined;
    throw error;
  }
}
