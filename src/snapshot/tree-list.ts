import { basename, dirname, join } from "node:path";
import * as v from "valibot";
import { hasCode } from "../errors.ts";
import type { HeldFile } from "../plan/index.ts";
import { currentBoot } from "../platform/boot.ts";
import {
  closeFile,
  movePath,
  openNew,
  readBytesIfAny,
  removeFile,
  statLinkIfAny,
  syncDirectory,
  writeFully,
} from "../platform/files.ts";
import { parseJsonIfAny } from "../platform/parse-json.ts";
import type { RepositoryPath, Sha256 } from "../repository/index.ts";

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
  /** Files of earlier generations that this one carries. */
  readonly carried: readonly HeldName[];
  /**
   * Since when nobody has checked the names of the spare: when the list before was written, if the tree that was shown then
   * has become the spare. In milliseconds, by the clock of the file system. Undefined if that is when the list is written.
   */
  readonly spareUncheckedSinceMs?: number | undefined;
}

/** A list that was read. */
export interface ReadTreeList extends TreeList {
  /** When it was written, by the clock of the file system. */
  readonly writtenAtMs: number;
  /** False if the machine has been started since: a power cut may have emptied files. */
  readonly isOfThisBoot: boolean;
}

const path = v.string();
const sha256 = v.pipe(
  v.string(),
  v.regex(/^[0-9a-f]{64}$/),
  v.transform((text) => text as Sha256),
);
const heldName = v.object({ path, sha256: v.exactOptional(sha256) });

const header = v.object({
  format: v.literal(2),
  boot: v.optional(v.string()),
  metadata: v.array(heldName),
  carried: v.array(heldName),
  spareUncheckedSinceMs: v.optional(v.number()),
});

/** Returns where the list of a tree is: beside it. */
export const treeListOf = (tree: string): string => join(dirname(tree), `.${basename(tree)}.files`);

export const hasTreeList = (tree: string): boolean => statLinkIfAny(treeListOf(tree)) !== undefined;

/** Returns undefined if there is no list that this version can read. */
export function readTreeList(tree: string): ReadTreeList | undefined {
  const list = treeListOf(tree);
  const writtenAtMs = statLinkIfAny(list)?.mtimeMs;
  const text = readBytesIfAny(list)?.toString("utf8");
  if (writtenAtMs === undefined || text === undefined) return undefined;
  const end = text.indexOf("\n");
  const parsed = v.safeParse(header, parseJsonIfAny(text.slice(0, end)));
  if (!parsed.success || !text.endsWith(`\n${last}`)) return undefined;
  const { boot, format: _, ...known } = parsed.output;
  const isOfThisBoot = boot !== undefined && boot === currentBoot();
  return { ...known, files: () => filesIn(text, end + 1), writtenAtMs, isOfThisBoot };
}

/** No path has a control character, and neither digest nor size has a space. */
function* filesIn(text: string, start: number): Generator<HeldFile> {
  for (let from = start; from < text.length - last.length; ) {
    const end = text.indexOf("\n", from);
    const afterDigest = text.indexOf(" ", from);
    const afterSize = text.indexOf(" ", afterDigest + 1);
    const digest = text.slice(from, afterDigest);
    const size = text.slice(afterDigest + 1, afterSize);
    yield {
      path: text.slice(afterSize + 1, end) as RepositoryPath,
      sha256: digest === unknown ? undefined : (digest as Sha256),
      sizeBytes: size === unknown ? undefined : Number(size),
    };
    from = end + 1;
  }
}

const unknown = "-";
/** The last line: a list that was cut is none. */
const last = "end\n";

/** A list that has a temporary name. */
export interface DraftTreeList {
  readonly path: string;
  /** Called when it is on disk. */
  keep(): void;
}

/** A list to write: its digests were read as such. */
export interface NewTreeList extends Omit<TreeList, "files"> {
  files(): Iterable<Omit<HeldFile, "sha256"> & { readonly sha256: string | undefined }>;
}

/** Writes the list of a tree, to be flushed with other files. Without room for it, there is none. */
export function draftTreeList(tree: string, list: NewTreeList): DraftTreeList | undefined {
  const draft = `${treeListOf(tree)}.next`;
  removeFile(draft);
  try {
    const descriptor = openNew(draft);
    try {
      for (const text of partsOf(list)) writeFully(descriptor, Buffer.from(text));
    } finally {
      closeFile(descriptor);
    }
  } catch (error) {
    removeFile(draft);
    if (!hasCode(error, "ENOSPC", "EDQUOT")) throw error;
    return undefined;
  }
  return {
    path: draft,
    keep() {
      movePath(draft, treeListOf(tree));
      syncDirectory(dirname(tree));
    },
  };
}

export const removeTreeList = (tree: string): void => removeFile(treeListOf(tree));

/** Yields the text of a list in parts, since it may have ten megabytes. */
function* partsOf(list: NewTreeList): Generator<string> {
  const { metadata, carried, spareUncheckedSinceMs } = list;
  const known = { metadata, carried, spareUncheckedSinceMs };
  let part = `${JSON.stringify({ format: 2, boot: currentBoot(), ...known })}\n`;
  for (const { path: file, sha256: digest = unknown, sizeBytes = unknown } of list.files()) {
    part += `${digest} ${sizeBytes} ${file}\n`;
    if (part.length < partLength) continue;
    yield part;
    part = "";
  }
  yield part + last;
}

const partLength = 1 << 18;
