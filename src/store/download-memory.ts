import { type Part, SharedMemory } from "./shared-memory.ts";

/**
 * No more of a download stays in memory. Nine of ten packages are smaller: without a file of their own until they are checked,
 * they cost half of the system calls (`make bench ROWS=first-sync`).
 */
const bytesMax = 256 * 1024;

/** What all downloads have in memory at one time. Others have files. */
const allBytesMax = 16 << 20;

/** Parts begin at whole pages: what a part of a page saves is not worth more ranges to search. */
const pageBytes = 4096;

let memory: SharedMemory | undefined;

/**
 * Returns the memory of all downloads. It is shared, since giving a buffer to the thread that keeps files, and taking it back,
 * costs more than hashing a small package, and most of it in the garbage collector (`store/keeping`).
 */
export const downloadMemory = (): SharedMemory => (memory ??= new SharedMemory(allBytesMax));

/** The bytes of a download, in memory that a later download uses again. */
export class DownloadMemory {
  readonly #expectedBytes: number | undefined;
  #part: Part | undefined;
  #sizeBytes = 0;

  /** `expectedBytes` is the size of the whole body, if it is known. */
  constructor(expectedBytes?: number) {
    this.#expectedBytes = expectedBytes;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** Where the bytes begin in the memory of all downloads. */
  get offset(): number {
    return this.#part?.offset ?? 0;
  }

  /** Valid until they are released. */
  get bytes(): Uint8Array {
    return downloadMemory().bytes.subarray(this.offset, this.offset + this.#sizeBytes);
  }

  /** Adds a copy of a chunk. Returns false, and adds nothing, if there is no room for it. */
  append(chunk: Uint8Array): boolean {
    this.#part ??= this.#take(chunk.length);
    if (this.#part === undefined || this.#sizeBytes + chunk.length > this.#part.sizeBytes) return false;
    downloadMemory().bytes.set(chunk, this.#part.offset + this.#sizeBytes);
    this.#sizeBytes += chunk.length;
    return true;
  }

  #take(chunkBytes: number): Part | undefined {
    const wanted = Math.max(this.#expectedBytes ?? bytesMax, chunkBytes);
    return wanted > bytesMax ? undefined : downloadMemory().take(Math.ceil(wanted / pageBytes) * pageBytes);
  }

  /** Forgets the bytes. */
  release(): void {
    const part = this.#part;
    this.#part = undefined;
    this.#sizeBytes = 0;
    if (part !== undefined) downloadMemory().giveBack(part);
  }
}
