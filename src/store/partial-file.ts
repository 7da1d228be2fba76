import { dirname } from "node:path";
import { hasCode } from "../errors.ts";
import {
  closeFile,
  makeDirectory,
  openForAppend,
  openNew,
  readBytesIfAny,
  readChunks,
  removeFile,
  setFileTimes,
  statLinkIfAny,
  syncFile,
  writeFully,
  writeSmallFile,
} from "../platform/files.ts";
import { digestsOf, RunningDigests } from "../platform/running-digests.ts";
import type { Digests, ListedFile, Sha256 } from "../repository/index.ts";
import { DownloadMemory } from "./download-memory.ts";

/**
 * A received file: its size, SHA-256 (its name as an object) and every listed digest. It is valid until its partial is closed
 * or discarded.
 */
export interface ReceivedFile {
  readonly bytes: ReceivedBytes;
  readonly sizeBytes: number;
  readonly digests: Digests & { readonly sha256: Sha256 };
}

export type ReceivedBytes = { readonly path: string } | BytesInMemory;

/** Bytes that no file has yet, and the modification time that it is to get. */
export interface BytesInMemory {
  readonly bytes: Uint8Array;
  readonly modifiedAt: Date;
}

/** Identifies the bytes that a server sent, so that the rest can be requested later (RFC 9110, If-Range). */
interface ResponseIdentity {
  readonly etag?: string | undefined;
  readonly lastModified?: string | undefined;
}

/** A shorter partial is downloaded again as a whole: a second request costs more than the bytes. */
const resumableBytesMin = 1 << 20;

/**
 * A download that will become an object. It is hashed as it grows. Few bytes stay in memory; more are in a file, which is kept
 * when the run ends early, so that the next run continues it. Nothing outside its own directory sees them before their size
 * and digests match.
 */
export class PartialFile {
  readonly path: string;
  readonly #listed: Digests;
  /** All bytes, unless they are in the file. */
  readonly #memory = new DownloadMemory();
  /** Of the bytes in the file. Undefined while there is none. */
  #running: RunningDigests | undefined;
  #descriptor: number | undefined;
  #validator: string | undefined;
  /** The validator is on disk, as it is once there is enough to resume. */
  #isValidatorKept = false;

  private constructor(path: string, listed: Digests) {
    this.path = path;
    this.#listed = listed;
  }

  /**
   * Continues what an earlier run left at `path`, and hashes it again from the disk. With the size of the whole file, looks
   * only for what may be continued.
   */
  static async open(path: string, listed: Digests, sizeBytes?: number): Promise<PartialFile> {
    const partial = new PartialFile(path, listed);
    const found = mayBeContinued(sizeBytes) ? statLinkIfAny(path) : undefined;
    // nlink > 1: a killed run already named it as an object, and served bytes are never rewritten. A symlink is not ours.
    if (found?.isFile() !== true || found.nlink > 1 || found.size < resumableBytesMin) return partial;
    const running = new RunningDigests(listed);
    for await (const chunk of readChunks(path)) running.update(chunk);
    partial.#running = running;
    return partial;
  }

  get heldBytes(): number {
    return this.#running?.sizeBytes ?? this.#memory.sizeBytes;
  }

  get heldValidator(): string | undefined {
    if (this.heldBytes === 0) return undefined;
    return this.#validator ?? readBytesIfAny(this.#validatorPath)?.toString("utf8");
  }

  begin(offsetBytes: number, response: ResponseIdentity): void {
    if (offsetBytes === 0 || offsetBytes !== this.heldBytes) this.discard();
    const isWeak = response.etag?.startsWith("W/") === true;
    this.#validator = isWeak ? response.lastModified : (response.etag ?? response.lastModified);
    this.#isValidatorKept = false;
  }

  write(chunk: Uint8Array): void {
    if (this.#running === undefined && this.#memory.append(chunk)) return;
    const { descriptor, running } = this.#openFile();
    writeFully(descriptor, chunk);
    running.update(chunk);
    this.#keepValidator();
  }

  /**
   * Ends the writing and returns what was received. Sets the modification time to upstream's, if that is known. With
   * `durable`, the bytes are on the disk afterwards: for files that are listed without a size, by which a sync would notice
   * that a power cut truncated them.
   */
  finish(lastModified: Date | undefined, { durable = false } = {}): ReceivedFile {
    if (this.#running !== undefined || durable || lastModified === undefined)
      return this.#finishFile(lastModified, durable);
    const { bytes } = this.#memory;
    const digests = digestsOf(bytes, this.#listed);
    return { bytes: { bytes, modifiedAt: lastModified }, sizeBytes: bytes.length, digests };
  }

  #finishFile(lastModified: Date | undefined, durable: boolean): ReceivedFile {
    const { descriptor, running } = this.#openFile();
    if (lastModified !== undefined) setFileTimes(descriptor, lastModified, lastModified);
    if (durable) syncFile(descriptor);
    this.close();
    removeFile(this.#validatorPath);
    return { bytes: { path: this.path }, sizeBytes: running.sizeBytes, digests: running.finish() };
  }

  /** Puts the bytes into the file, if they are in memory. Returns its path. */
  moveToFile(): string {
    this.#openFile();
    this.close();
    return this.path;
  }

  /** Keeps the file for the next run, and forgets what is in memory. */
  close(): void {
    this.#memory.release();
    const descriptor = this.#descriptor;
    this.#descriptor = undefined; // before it is closed: a descriptor that fails to close is gone too
    if (descriptor !== undefined) closeFile(descriptor);
  }

  discard(): void {
    this.close();
    if (this.#running !== undefined) {
      removeFile(this.path);
      removeFile(this.#validatorPath);
    }
    this.#validator = undefined;
    this.#running = undefined;
  }

  /** Opens the file for what comes next. What is in memory is written first. */
  #openFile(): { readonly descriptor: number; readonly running: RunningDigests } {
    if (this.#running !== undefined) {
      this.#descriptor ??= openForAppend(this.path);
      return { descriptor: this.#descriptor, running: this.#running };
    }
    const descriptor = openAnew(this.path);
    const running = new RunningDigests(this.#listed);
    this.#descriptor = descriptor;
    this.#running = running;
    removeFile(this.#validatorPath); // of an earlier run
    writeFully(descriptor, this.#memory.bytes);
    running.update(this.#memory.bytes);
    this.#memory.release();
    return { descriptor, running };
  }

  /** With it, the next run continues the file only if upstream still has the same. */
  #keepValidator(): void {
    if (this.#validator === undefined || this.#isValidatorKept || this.heldBytes < resumableBytesMin) return;
    writeSmallFile(this.#validatorPath, this.#validator, 0o600);
    this.#isValidatorKept = true;
  }

  get #validatorPath(): string {
    return `${this.path}.validator`;
  }
}

/** Makes and opens a file. What an earlier run has left there is neither followed nor written to, but replaced. */
function openAnew(path: string): number {
  try {
    return openNew(path);
  } catch (error) {
    if (!hasCode(error, "ENOENT", "EEXIST")) throw error;
    makeDirectory(dirname(path), 0o700);
    removeFile(path);
    return openNew(path);
  }
}

/** True if the next run continues an unfinished download of a file of this size, or may do so. */
export const mayBeContinued = (sizeBytes: number | undefined): boolean =>
  sizeBytes === undefined || sizeBytes >= resumableBytesMin;

/** Returns where the download of a file is kept, in the directory `partials` of its mirror. */
export const partialPath = (partials: string, file: ListedFile): string => `${partials}/${partialName(file)}`;

/** The file name of a partial: the same in each run, so that it is found again, and never text of the upstream. */
export const partialName = ({ digests, path }: ListedFile): string =>
  digests.sha256 ?? digestsOf(Buffer.from(`${digests.sha512 ?? ""} ${path}`)).sha256;
