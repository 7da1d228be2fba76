import type { Compression, ListedFile, RepositoryPath } from "../../repository/index.ts";

/** An index that was read, and which bytes it had. */
export interface ReadIndex {
  /** Its path in the tree without the suffix of a compression. */
  readonly name: string;
  /** The form that was read. */
  readonly path: RepositoryPath;
  readonly compression: Compression;
  /** Tells the bytes of that form, and those in it, from any others. */
  readonly key: string;
  /** The decompressed bytes. */
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** An index whose bytes can be compared with those of a later version. */
export interface ComparedIndex extends ReadIndex {
  /** The digests of its bytes in blocks (contents/listing/index-blocks.ts). */
  readonly blocks: string;
}

/** How an index lists its files: the lines of list-lines.ts, in parts of any length. */
export interface IndexListing extends ComparedIndex {
  readonly parts: readonly string[];
}

/**
 * No stanza with what belongs to it has more bytes, or the index is not compared: all of it is in memory. A stanza alone is
 * smaller, but any number of empty lines may come before it.
 */
export const comparedBytesMax = 4 << 20;

/** A part of the lines of an earlier version of an index. */
export interface LineRange {
  readonly start: number;
  readonly end: number;
}

/** The files of a stanza, of which the earlier version of an index has no equal. */
export interface NewStanza {
  /** How many bytes of the index it takes, up to the next one. */
  readonly bytes: number;
  readonly files: readonly ListedFile[];
}

/** An index by its difference from an earlier version of it. */
export interface IndexDifference extends ComparedIndex {
  /** In the order of the index: lines of the earlier version whose stanzas it has too, and other stanzas. */
  readonly segments: readonly (LineRange | readonly NewStanza[])[];
  /** Lines of the earlier version whose stanzas it lacks here. They may have moved. */
  readonly removed: readonly LineRange[];
}

export const isKept = (segment: LineRange | readonly NewStanza[]): segment is LineRange => "start" in segment;
