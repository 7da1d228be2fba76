import { hash } from "node:crypto";
import { basename, dirname, join } from "node:path";
import * as v from "valibot";
import type { EarlierListing } from "../../contents/index.ts";
import {
  type ComparedIndex,
  filesIn,
  type HeldFile,
  type IndexListing,
  type LineRange,
  pathsIn,
} from "../../plan/index.ts";
import { removeFile } from "../../platform/files.ts";
import { readBytesIfAny, statLinkIfAny } from "../../platform/look.ts";
import { currentBoot } from "../../platform/machine/boot.ts";
import { parseJsonIfAny } from "../../platform/parse-json.ts";
import type { RepositoryPath, Sha256 } from "../../repository/index.ts";

/** A name in a tree, and its object. Of a file that is listed without SHA-256 the object is unknown. */
export interface HeldName {
  readonly path: string;
  readonly sha256?: Sha256 | undefined;
}

/** The files of a generation as its sync put them, so that the next sync need not look at those that stay. */
export interface TreeList {
  /** Signature files, and indices under all their names. */
  readonly metadata: readonly HeldName[];
  /** What the indices list, without what upstream lacks. */
  files(): Iterable<HeldFile>;
  /** Their paths. */
  paths(): Iterable<string>;
  /** Files of earlier generations that this one carries. */
  readonly carried: readonly HeldName[];
  /**
   * Since when nobody has checked the names of the spare: when the list before was written, if the tree that was shown then
   * has become the spare. In milliseconds, by the clock of the file system. Undefined if that is when the list is written.
   */
  readonly spareUncheckedSinceMs?: number | undefined;
}

/** How the indices of a tree list its files, all of which it has. */
export interface TreeListing {
  /** What the indices were read with: the same bytes mean something else to another selection, and to another version. */
  readonly readWith: string;
  readonly indices: readonly IndexListing[];
  readonly count: number;
  readonly sizeBytes: number;
  /** Undefined if their sizes are not all listed. */
  readonly counts?: ListedCounts | undefined;
}

/** How many listed files a tree has as a person counts them, and the bytes of their contents, each once. */
export interface ListedCounts {
  /** Without names by digest. */
  readonly files: number;
  /** Of those, binary packages. */
  readonly packages: number;
  readonly sizeBytes: number;
}

/** The same as it was read. */
export interface ReadTreeListing extends EarlierListing, Pick<TreeListing, "readWith" | "counts"> {}

/** A list that was read. */
export interface ReadTreeList extends TreeList {
  /** When it was written, by the clock of the file system. */
  readonly writtenAtMs: number;
  /** False if the machine has been started since: a power cut may have emptied files. */
  readonly isOfThisBoot: boolean;
  readonly listing: ReadTreeListing | undefined;
  /** The files that are in these directories themselves. */
  filesIn(directories: ReadonlySet<string>): Iterable<HeldFile>;
}

/** Returns the directory of a path; "" is the top. */
export const above = (path: string): string => {
  const slash = path.lastIndexOf("/");
  return slash === -1 ? "" : path.slice(0, slash);
};

const path = v.string();
export const sha256 = v.pipe(
  v.string(),
  v.regex(/^[0-9a-f]{64}$/),
  v.transform((text) => text as Sha256),
);
const heldName = v.object({ path, sha256: v.exactOptional(sha256) });
const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const listing = v.object({
  readWith: v.string(),
  count,
  sizeBytes: count,
  counts: v.optional(v.object({ files: count, packages: count, sizeBytes: count })),
  indices: v.array(
    v.object({
      name: path,
      path: v.pipe(
        path,
        v.transform((text) => text as RepositoryPath),
      ),
      compression: v.picklist(["plain", "gz", "xz", "bz2", "zst", "lzma", "lz4"]),
      key: v.string(),
      sizeBytes: count,
      sha256,
      blocks: v.string(),
      /** How many characters of lines it has. */
      length: count,
    }),
  ),
});

export const treeListFormat = 4;

const header = v.object({
  format: v.literal(treeListFormat),
  boot: v.optional(v.string()),
  metadata: v.array(heldName),
  carried: v.array(heldName),
  spareUncheckedSinceMs: v.optional(v.number()),
  listing: v.optional(listing),
});

/** Returns where the list of a tree is: beside it. */
export const treeListOf = (tree: string): string => join(dirname(tree), `.${basename(tree)}.files`);

export const hasTreeList = (tree: string): boolean => statLinkIfAny(treeListOf(tree)) !== undefined;

/** Returns undefined if there is no list that this version can read, or if it is not what was written. */
export function readTreeList(tree: string): ReadTreeList | undefined {
  const list = treeListOf(tree);
  const writtenAtMs = statLinkIfAny(list)?.mtimeMs;
  const bytes = readBytesIfAny(list);
  if (writtenAtMs === undefined || bytes === undefined) return undefined;
  const lines = bytes.subarray(0, -lastLine("").length - sha256Length);
  const last = bytes.subarray(lines.length).toString("latin1");
  if (last !== lastLine(hash("sha256", lines))) return undefined;
  const text = lines.toString("utf8");
  const start = text.indexOf("\n") + 1;
  const parsed = v.safeParse(header, parseJsonIfAny(text.slice(0, start)));
  if (!parsed.success) return undefined;
  const { boot, format: _, listing: listed, ...known } = parsed.output;
  const isOfThisBoot = boot !== undefined && boot === currentBoot();
  const read = listed && { ...listed, text, indices: withRanges(listed.indices, start) };
  const files = {
    files: () => filesIn(text, start),
    paths: () => pathsIn(text, start),
    filesIn: (directories: ReadonlySet<string>) =>
      filesIn(text, start, (file) => directories.has(above(file))),
  };
  return { ...known, ...files, writtenAtMs, isOfThisBoot, listing: read };
}

function withRanges(
  indices: readonly (ComparedIndex & { readonly length: number })[],
  start: number,
): readonly (ComparedIndex & LineRange)[] {
  let at = start;
  return indices.map(({ length, ...index }) => ({ ...index, start: at, end: (at += length) }));
}

/** A list that was cut, or that has a wrong bit, is none. */
export const lastLine = (digest: string): string => `end ${digest}\n`;
const sha256Length = 64;

export const removeTreeList = (tree: string): void => removeFile(treeListOf(tree));
