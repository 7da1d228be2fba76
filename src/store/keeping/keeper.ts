import { availableParallelism } from "node:os";
import { finishPaced } from "../../platform/flow/paced.ts";
import type { ListedFile } from "../../repository/index.ts";
import type { ObjectAdopter } from "../adopt.ts";
import { bytesOf, type Received } from "../partial-file.ts";
import { type Found, keep } from "./keep.ts";
import { KeepingThread } from "./keeping-thread.ts";

/** To write and name a small file takes as long as to hash this many bytes. */
const costOfFile = 64 << 10;
/** Less is done before a thread pays: it takes 20 ms to start, and 10 MB. */
const costOfThread = 64 << 20;

/**
 * Checks received bytes, and adopts what is listed. If there is much of it, a thread of its own does that: it takes as long as
 * to receive the bytes (`make bench ROWS=first-sync`).
 */
export class Keeper implements AsyncDisposable {
  readonly #objects: ObjectAdopter;
  readonly #directory: string;
  readonly #start: (directory: string) => KeepingThread;
  #thread: KeepingThread | undefined;

  /** `directory` is that of the objects. */
  constructor(
    objects: ObjectAdopter,
    directory: string,
    start = (path: string): KeepingThread => new KeepingThread(path),
  ) {
    this.#objects = objects;
    this.#directory = directory;
    this.#start = start;
  }

  /** Says what is to come. */
  expect(files: number, sizeBytes: number): void {
    const cost = files * costOfFile + sizeBytes;
    if (cost >= costOfThread && availableParallelism() > 1) this.#thread ??= this.#start(this.#directory);
  }

  /**
   * Makes received bytes an object, and a file at `target`, if they are the listed ones. Otherwise leaves them, and returns
   * what they are. `place` makes the directory of the target, if the thread has not made it.
   */
  async keep(
    received: Received,
    listed: ListedFile,
    target: string,
    place: () => unknown,
  ): Promise<Found | undefined> {
    if (this.#thread !== undefined) {
      const kept = await this.#thread.keep(received, listed, target);
      if (kept !== "refused") return kept.found;
    }
    // What the thread refused is tried again here, where the error has its class.
    place();
    return await finishPaced(keep(this.#objects, { received: bytesOf(received), listed, target }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#thread?.[Symbol.asyncDispose]();
  }
}
