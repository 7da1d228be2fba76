import { dirname, join } from "node:path";
import {
  closeFile,
  makeDirectory,
  openForAppend,
  readBytesIfAny,
  readChunks,
  removeFile,
  setFileTimes,
  statLinkIfAny,
  syncFile,
  truncateFile,
  writeFully,
  writeSmallFile,
} from "../platform/files.ts";
import { digestsOf, RunningDigests } from "../platform/running-digests.ts";
import type { Digests, ListedFile, Sha256 } from "../repository/index.ts";

/** What was received: its size, its name as an object, and every digest that was asked for. */
export interface ReceivedFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly digests: Digests & { readonly sha256: Sha256 };
}

/** Identifies the bytes that a server sent, so that the rest can be asked for later (RFC 9110, If-Range). */
interface ResponseIdentity {
  readonly etag?: string | undefined;
  readonly lastModified?: string | undefined;
}

/** Below this a download that was cut is asked for again as a whole: a second request costs more than the bytes. */
const resumableBytesMin = 1 << 20;

/**
 * A download on its way to becoming an object: appended to, hashed as it arrives, and kept when the run ends early, so
 * that the next continues it. Nothing outside its own directory sees it before its size and digests have matched.
 */
export class PartialFile {
  readonly path: string;
  readonly #listed: Digests;
  #running: RunningDigests;
  #descriptor: number | undefined;
  /** Written once there is enough to resume. */
  #validator: string | undefined;

  private constructor(path: string, listed: Digests) {
    this.path = path;
    this.#listed = listed;
    this.#running = new RunningDigests(listed);
  }

  /** Takes up what an earlier run left at `path`: those bytes are hashed again from the disk. */
  static async open(path: string, listed: Digests): Promise<PartialFile> {
    makeDirectory(dirname(path), 0o700);
    const partial = new PartialFile(path, listed);
    // A run was killed when the object had its names already: those bytes are served, and never written again. And a link
    // is nothing of ours.
    const found = statLinkIfAny(path);
    if (found !== undefined && (found.nlink > 1 || !found.isFile())) removeFile(path);
    const heldBytes = statLinkIfAny(path)?.size ?? 0;
    if (heldBytes >= resumableBytesMin) {
      for await (const chunk of readChunks(path)) partial.#running.update(chunk);
    }
    return partial;
  }

  get heldBytes(): number {
    return this.#running.sizeBytes;
  }

  get heldValidator(): string | undefined {
    return this.heldBytes === 0 ? undefined : readBytesIfAny(this.#validatorPath)?.toString("utf8");
  }

  begin(offsetBytes: number, response: ResponseIdentity): void {
    this.#descriptor ??= openForAppend(this.path);
    if (offsetBytes === 0 || offsetBytes !== this.heldBytes) {
      truncateFile(this.#descriptor, 0);
      this.#running = new RunningDigests(this.#listed);
    }
    removeFile(this.#validatorPath);
    const isWeak = response.etag?.startsWith("W/") === true;
    this.#validator = isWeak ? response.lastModified : (response.etag ?? response.lastModified);
  }

  write(chunk: Uint8Array): void {
    this.#descriptor ??= openForAppend(this.path);
    writeFully(this.#descriptor, chunk);
    this.#running.update(chunk);
    if (this.#validator === undefined || this.heldBytes < resumableBytesMin) return;
    writeSmallFile(this.#validatorPath, this.#validator, 0o600);
    this.#validator = undefined;
  }

  /**
   * Ends the writing and says what was received; the modification time becomes upstream's, where that is known. With
   * `durable`, the bytes are on the disk afterwards: for what is listed without a size, by which a tree would notice that
   * a power cut took some of them.
   */
  finish(lastModified: Date | undefined, { durable = false } = {}): ReceivedFile {
    this.#descriptor ??= openForAppend(this.path); // a file of no bytes
    if (lastModified !== undefined) setFileTimes(this.#descriptor, lastModified, lastModified);
    if (durable) syncFile(this.#descriptor);
    this.close();
    removeFile(this.#validatorPath);
    return { path: this.path, sizeBytes: this.heldBytes, digests: this.#running.finish() };
  }

  /** Keeps the bytes for the next run. */
  close(): void {
    const descriptor = this.#descriptor;
    this.#descriptor = undefined; // before it is closed: one that fails to close is gone as well
    if (descriptor !== undefined) closeFile(descriptor);
  }

  discard(): void {
    this.close();
    this.#running = new RunningDigests(this.#listed);
    removeFile(this.path);
    removeFile(this.#validatorPath);
  }

  get #validatorPath(): string {
    return `${this.path}.validator`;
  }
}

/** Returns where the download of a file is kept, in the directory `partials` of its mirror. */
export const partialPath = (partials: string, file: ListedFile): string => join(partials, partialName(file));

/** The file name of a partial: the same in each run, so that it is found again, and never text of the upstream. */
export const partialName = ({ digests, path }: ListedFile): string =>
  digests.sha256 ?? digestsOf(Buffer.from(`${digests.sha512 ?? ""} ${path}`)).sha256;
