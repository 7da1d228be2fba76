import { makeDirectory } from "../../platform/files.ts";
import { type Owner } from "../../platform/foreign-files.ts";
import { readBufferBytes } from "../../platform/hashing/hash-file.ts";
import { statIfAny } from "../../platform/look.ts";
import type { ObjectAdopter } from "../adopt.ts";
import { partialName } from "../partial-file.ts";
import { UnreadableSource } from "./source.ts";
import { takeByCopy } from "./take-by-copy.ts";
import { takeByLink } from "./take-by-link.ts";
import type { TakeOutcome, TakerTools, Taking } from "./taking.ts";

export interface TakerOptions {
  /** A directory of this user alone, for unfinished files. It is made if it is missing, and removed by others. */
  readonly aside: string;
  /** Links files where that is safe, in place of cloning or copying them. Their owner and mode become those of objects. */
  readonly link: boolean;
}

/**
 * Makes objects of files that are on this disk already. What becomes an object are the bytes that were hashed: those of a
 * copy that nobody else can reach, or of a linked file that nobody else may write to.
 */
export class FileTaker {
  readonly #options: TakerOptions;
  readonly #tools: TakerTools;

  constructor(objects: ObjectAdopter, options: TakerOptions) {
    this.#options = options;
    this.#tools = {
      objects,
      owner: makeAside(options.aside),
      buffer: Buffer.allocUnsafeSlow(readBufferBytes),
      unlinkable: new Set(),
      unclonable: new Set(),
    };
  }

  /**
   * Names a file as an object and links it to the target, if it has the listed size and every listed digest. Otherwise changes
   * nothing. Yields how many bytes it has read, so that others can have their turn. Throws errors of the store's own disk.
   */
  *take(taking: Taking): Generator<number, TakeOutcome, undefined> {
    const unfinished = `${this.#options.aside}/${partialName(taking.listed)}.found`;
    try {
      const linked = this.#options.link ? yield* takeByLink(this.#tools, taking, unfinished) : undefined;
      return linked ?? (yield* takeByCopy(this.#tools, taking, unfinished));
    } catch (error) {
      if (!(error instanceof UnreadableSource)) throw error;
      return { kind: "unreadable", code: error.code };
    }
  }
}

/** Returns its owner, which is this user. */
function makeAside(aside: string): Owner {
  makeDirectory(aside, 0o700);
  const stats = statIfAny(aside);
  if (stats === undefined) throw new Error(`${aside} was removed a moment ago`);
  return stats;
}
