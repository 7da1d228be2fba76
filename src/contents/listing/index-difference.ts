import {
  type IndexDifference,
  LineCursor,
  type LineRange,
  type NewStanza,
  type ReadIndex,
} from "../../plan/index.ts";
import { RepositoryError } from "../../repository/index.ts";
import type { HeldIndex } from "../held-index.ts";
import { filesOf, type ListedPackage } from "../listed-package.ts";
import { openReader, type PackageListReader } from "../open-reader.ts";
import { decodableForm, readIndex } from "../read-index.ts";
import type { TreeFiles } from "../tree-files.ts";
import { compareBlocks, type EarlierBlock, type Findings } from "./compare-blocks.ts";
import { IndexBlocks, readBlocks } from "./index-blocks.ts";
import { TextWindow } from "./text-window.ts";

/** An index as an earlier tree has it: its blocks, and the lines of its files. */
export interface EarlierIndex extends ReadIndex, LineRange {
  readonly blocks: string;
}

/** A tree with a later version of indices, and the lines of an earlier one. */
export interface Versions {
  readonly later: TreeFiles;
  /** The lines of all indices of the earlier tree. */
  readonly text: string;
  readonly allowWeak: boolean;
}

/**
 * Returns what is known of the bytes of an index; undefined if no other version of it can be compared with it: Release does
 * not list its decompressed bytes, or it lists no packages.
 */
export function readIndexOf(tree: TreeFiles, index: HeldIndex): ReadIndex | undefined {
  const { plain, kind } = index.wanted;
  if (plain?.digests.sha256 === undefined || (kind !== "packages" && kind !== "sources")) return undefined;
  const { sizeBytes, digests } = plain;
  const { path, compression, entry } = sizeBytes === 0 ? index.forms[0] : decodableForm(tree, index);
  const key = JSON.stringify([index.contentKey, digests, entry.digests]);
  return { name: index.name, path, compression, key, sizeBytes, sha256: digests.sha256 ?? "" };
}

/**
 * Returns how an index differs from its earlier version, which is not read: only stanzas of blocks that differ are. Checks the bytes
 * of the later one. Returns undefined if that has to be read as a whole, also for an error in it.
 */
export async function differenceOfIndex(
  versions: Versions,
  index: HeldIndex,
  earlier: EarlierIndex | undefined,
): Promise<IndexDifference | undefined> {
  const read = readIndexOf(versions.later, index);
  const reader = openReader(index, versions);
  if (read === undefined || reader === undefined) return undefined;
  if (earlier !== undefined && earlier.key === read.key) {
    const { start, end, blocks } = earlier;
    return { ...read, blocks, segments: [{ start, end }], removed: [] };
  }
  const blocks = earlier === undefined ? [] : blocksOf(versions.text, earlier);
  if (blocks === undefined) return undefined;
  const difference = new DifferenceWriter(reader);
  await using after = new TextWindow(readIndex(versions.later, index));
  try {
    if (!(await compareBlocks(after, blocks.values(), difference))) return undefined;
    return difference.end(read);
  } catch (error) {
    if (error instanceof RepositoryError) return undefined;
    throw error;
  }
}

/**
 * Returns the blocks of an index with their lines: a line with a number begins a stanza of so many bytes. Undefined if a block
 * ends within the bytes that belong to a line, since stanzas without files come before it.
 */
function blocksOf(
  text: string,
  { start, end, blocks: blockText }: EarlierIndex,
): readonly EarlierBlock[] | undefined {
  const blocks: EarlierBlock[] = [];
  const line = new LineCursor(text, start, end);
  let isLine = line.next();
  let bytesLeft = 0;
  for (const block of readBlocks(blockText)) {
    const from = isLine ? line.start : end;
    for (
      bytesLeft += block.bytes;
      isLine && (bytesLeft > 0 || line.stanzaBytes === undefined);
      isLine = line.next()
    )
      bytesLeft -= line.stanzaBytes ?? 0;
    if (bytesLeft < 0) return undefined;
    blocks.push({ ...block, start: from, end: isLine ? line.start : end });
  }
  return isLine ? undefined : blocks;
}

/** Puts together what a comparison finds. */
class DifferenceWriter implements Findings {
  readonly #reader: PackageListReader;
  readonly #segments: (LineRange | NewStanza[])[] = [];
  readonly #removed: LineRange[] = [];
  readonly #blocks = new IndexBlocks();
  /** Bytes that were given to the reader, and how many of them are in stanzas. */
  #givenBytes = 0;
  #stanzaBytes = 0;

  constructor(reader: PackageListReader) {
    this.#reader = reader;
  }

  keep(block: EarlierBlock): void {
    this.#endStanzas();
    this.#blocks.keep(block);
    const { start, end } = block;
    const before = this.#segments.at(-1);
    if (before !== undefined && "start" in before && before.end === start)
      this.#segments[this.#segments.length - 1] = { start: before.start, end };
    else this.#segments.push({ start, end });
  }

  remove(blocks: readonly EarlierBlock[]): void {
    const [first, last] = [blocks[0], blocks.at(-1)];
    if (first !== undefined && last !== undefined) this.#removed.push({ start: first.start, end: last.end });
  }

  add(bytes: Buffer): void {
    this.#givenBytes += bytes.length;
    this.#blocks.push(bytes);
    this.#addPackages(this.#reader.push(bytes));
  }

  /** Returns undefined if a package cannot be named here, or the next version could not be compared. */
  end(read: ReadIndex): IndexDifference | undefined {
    this.#addPackages(this.#reader.end());
    const blocks = this.#blocks.finish();
    if (blocks === undefined || this.#reader.unnamed.length > 0) return undefined;
    return { ...read, blocks, segments: this.#segments, removed: this.#removed };
  }

  #addPackages(items: readonly ListedPackage[]): void {
    for (const item of items) {
      const endsAt = Math.min(item.endsAt, this.#givenBytes); // the end of the text counts as an empty line
      this.#newStanzas().push({ bytes: endsAt - this.#stanzaBytes, files: filesOf(item) });
      this.#stanzaBytes = endsAt;
    }
  }

  /** Empty lines, and stanzas that are none, belong to the stanza before them. */
  #endStanzas(): void {
    const bytes = this.#givenBytes - this.#stanzaBytes;
    if (bytes === 0) return;
    this.#newStanzas().push({ bytes, files: [] });
    this.#stanzaBytes = this.#givenBytes;
  }

  #newStanzas(): NewStanza[] {
    const last = this.#segments.at(-1);
    if (last !== undefined && !("start" in last)) return last;
    const stanzas: NewStanza[] = [];
    this.#segments.push(stanzas);
    return stanzas;
  }
}
