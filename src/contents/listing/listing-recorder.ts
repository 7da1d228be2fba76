import {
  comparedBytesMax,
  formatLine,
  formatRepeated,
  type IndexListing,
  type LineOrigin,
  type ReadIndex,
} from "../../plan/index.ts";
import type { ListedFile } from "../../repository/index.ts";
import type { ListedPackage } from "../listed-package.ts";
import { IndexBlocks } from "./index-blocks.ts";

/** A file, and whether no index before lists its path. */
export interface RecordedFile {
  readonly file: ListedFile;
  readonly isFirst: boolean;
}

/** Records how each index lists its files, so that a later version of it can be compared with it. */
export class ListingRecorder {
  readonly #blockBytes: number | undefined;
  readonly #listings: (ReadIndex & { readonly parts: string[]; readonly blocks: IndexBlocks })[] = [];
  #isComplete = true;
  /** Those of the part that is not full yet. */
  #lines: string[] = [];
  #linesLength = 0;
  #recordedBytes = 0;

  constructor(blockBytes?: number) {
    this.#blockBytes = blockBytes;
  }

  /** Undefined for an index that cannot be compared with another version. */
  begin(read: ReadIndex | undefined): void {
    this.#endPart();
    this.#recordedBytes = 0;
    if (read === undefined) this.giveUp();
    else if (this.#isComplete)
      this.#listings.push({ ...read, parts: [], blocks: new IndexBlocks(this.#blockBytes) });
  }

  /** Called for all bytes of the index, before the packages that end in them are added. */
  read(bytes: Uint8Array): void {
    this.#listings.at(-1)?.blocks.push(bytes);
  }

  add({ endsAt }: ListedPackage, files: readonly RecordedFile[]): void {
    const [index] = this.#listings.slice(-1);
    if (!this.#isComplete || index === undefined || files.length === 0) return;
    const end = Math.min(endsAt, index.sizeBytes); // the end of the text counts as an empty line
    const stanzaBytes = end - this.#recordedBytes;
    if (stanzaBytes > comparedBytesMax) return this.giveUp();
    this.#recordedBytes = end;
    let from: LineOrigin = stanzaBytes;
    for (const { file, isFirst } of files) {
      const { path, sizeBytes, digests } = file;
      const { sha256 } = digests;
      if (sha256 === undefined) this.giveUp();
      const line = isFirst ? formatLine({ path, sha256, sizeBytes }, from) : formatRepeated(path, from);
      this.#lines.push(line);
      this.#linesLength += line.length;
      from = "same";
    }
    if (this.#linesLength > partLength) this.#endPart();
  }

  /** For what lines do not say. */
  giveUp(): void {
    this.#isComplete = false;
    this.#listings.length = 0;
  }

  /** Returns undefined if a difference cannot be found by the lines. */
  finish(): readonly IndexListing[] | undefined {
    this.#endPart();
    const listings = this.#listings.flatMap((listing) => {
      const blocks = listing.blocks.finish();
      return blocks === undefined ? [] : { ...listing, blocks };
    });
    return this.#isComplete && listings.length === this.#listings.length ? listings : undefined;
  }

  /** Joins the lines: a text that grows by `+=` keeps all its pieces, and takes three times the memory. */
  #endPart(): void {
    if (this.#lines.length > 0) this.#listings.at(-1)?.parts.push(this.#lines.join(""));
    this.#lines = [];
    this.#linesLength = 0;
  }
}

const partLength = 1 << 18;
