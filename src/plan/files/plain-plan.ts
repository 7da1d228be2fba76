import type { PlainPackage, Suite } from "../../repository/index.ts";
import { type ComparedIndex, comparedBytesMax, type IndexListing, type ReadIndex } from "./index-listing.ts";
import { ListedPlan } from "./listed-plan.ts";
import { PlainLines } from "./plain-lines.ts";

/**
 * Collects the files of plain indices. What they list is copied into the lines of which a ListedPlan is made, with no object
 * for a file. Whatever a FilePlan might refuse is left to that.
 */
export class PlainPlan {
  readonly #lines = new PlainLines();
  readonly #indices: { readonly read: ReadIndex; readonly firstPart: number; blocks: string }[] = [];
  /** The first directories of all suites: files there may take the place of metadata. */
  readonly #tops: readonly Buffer[];
  #readBytes = 0;
  #count = 0;
  #sizeBytes = 0;

  /** `suites` are those whose metadata is in the tree too. */
  constructor(suites: readonly { readonly suite: Suite }[]) {
    this.#tops = suites.map(({ suite: { root } }) => Buffer.from(root.split("/", 1)[0] ?? root));
  }

  /** The next packages are those of an index. */
  begin(read: ReadIndex): void {
    this.#indices.push({ read, firstPart: this.#lines.parts, blocks: "" });
    this.#lines.beginPart();
    this.#readBytes = 0;
  }

  /** Adds the file of a package. Returns false if that is not enough to know what is planned: then nothing is. */
  add(file: PlainPackage): boolean {
    const index = this.#indices.at(-1);
    if (index === undefined || this.#tops.some((top) => isBelow(top, file))) return false;
    const end = Math.min(file.endsAt, index.read.sizeBytes); // the end of the text counts as an empty line
    const stanzaBytes = end - this.#readBytes;
    this.#readBytes = end;
    if (stanzaBytes > comparedBytesMax) return false;
    const isNew = this.#lines.add(file, stanzaBytes);
    if (isNew === true) {
      this.#count++;
      this.#sizeBytes += file.sizeBytes;
    }
    return isNew !== undefined;
  }

  /** Called when all packages of an index are added. */
  end({ blocks }: Pick<ComparedIndex, "blocks">): void {
    const index = this.#indices.at(-1);
    if (index !== undefined) index.blocks = blocks;
  }

  /** Returns the plan. Call it once, at the end. */
  finish(): ListedPlan {
    const ends = [...this.#indices.slice(1).map(({ firstPart }) => firstPart), this.#lines.parts];
    const listings = this.#indices.map(({ read, firstPart, blocks }, index): IndexListing => {
      const parts: string[] = [];
      for (let part = firstPart; part < (ends[index] ?? 0); part++) parts.push(this.#lines.takePart(part));
      return { ...read, blocks, parts: parts.filter((part) => part !== "") };
    });
    return new ListedPlan(listings, { count: this.#count, sizeBytes: this.#sizeBytes });
  }
}

/** True for a path that is `directory` or below it. */
function isBelow(directory: Buffer, { bytes, pathStart, pathEnd }: PlainPackage): boolean {
  const end = pathStart + directory.length;
  if (bytes[pathStart] !== directory[0] || end > pathEnd) return false;
  const isEnd = end === pathEnd || bytes[end] === slash;
  return isEnd && directory.compare(bytes, pathStart, end) === 0;
}

const slash = 0x2f;
