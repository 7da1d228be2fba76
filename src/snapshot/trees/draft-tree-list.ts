import { createHash } from "node:crypto";
import { hasCode } from "../../errors.ts";
import { formatLine, type HeldFile } from "../../plan/index.ts";
import { closeFile, movePath, openNew, removeFile, writeFully } from "../../platform/files.ts";
import { currentBoot } from "../../platform/machine/boot.ts";
import { lastLine, type TreeList, type TreeListing, treeListFormat, treeListOf } from "./tree-list.ts";

/** A list that has a temporary name. */
export interface DraftTreeList {
  /** Called when the spare has its name. */
  keep(): void;
}

/** A list to write: its digests were read as such. */
export interface NewTreeList extends Omit<TreeList, "files" | "paths"> {
  files(): Iterable<Omit<HeldFile, "sha256"> & { readonly sha256: string | undefined }>;
  /** Lists the same files, if their indices can be compared with those of a later sync. */
  readonly listing?: TreeListing | undefined;
}

/** Writes the list of a tree. Its checksum tells whether all of it is on disk. Without room for it, there is none. */
export function draftTreeList(tree: string, list: NewTreeList): DraftTreeList | undefined {
  const draft = `${treeListOf(tree)}.next`;
  removeFile(draft);
  try {
    const descriptor = openNew(draft);
    try {
      const digest = createHash("sha256");
      for (const text of partsOf(list)) {
        const bytes = Buffer.from(text);
        digest.update(bytes);
        writeFully(descriptor, bytes);
      }
      writeFully(descriptor, Buffer.from(lastLine(digest.digest("hex"))));
    } finally {
      closeFile(descriptor);
    }
  } catch (error) {
    removeFile(draft);
    if (!hasCode(error, "ENOSPC", "EDQUOT")) throw error;
    return undefined;
  }
  return { keep: () => movePath(draft, treeListOf(tree)) };
}

/** Yields the text of a list in parts, since it may have ten megabytes. */
function* partsOf(list: NewTreeList): Generator<string, void, undefined> {
  const { metadata, carried, spareUncheckedSinceMs } = list;
  const known = { metadata, carried, spareUncheckedSinceMs, listing: headerOf(list.listing) };
  let part = `${JSON.stringify({ format: treeListFormat, boot: currentBoot(), ...known })}\n`;
  for (const text of linesOf(list)) {
    part += text;
    if (part.length < partLength) continue;
    yield part;
    part = "";
  }
  yield part;
}

const headerOf = (listed: TreeListing | undefined) =>
  listed && {
    ...listed,
    indices: listed.indices.map(({ parts, ...index }) => ({
      ...index,
      length: parts.reduce((sum, text) => sum + text.length, 0),
    })),
  };

function* linesOf(list: NewTreeList): Generator<string, void, undefined> {
  if (list.listing === undefined) for (const file of list.files()) yield formatLine(file, "unknown");
  else for (const { parts } of list.listing.indices) yield* parts;
}

const partLength = 1 << 18;
