import { dirname } from "node:path";
import { hasCode } from "../errors.ts";
import {
  closeFile,
  makeDirectory,
  openForAppend,
  openNew,
  removeFile,
  setFileTimes,
  syncFile,
  writeFully,
  writeSmallFile,
} from "../platform/files.ts";
import { readBytesIfAny, statLinkIfAny } from "../platform/look.ts";
import { digestsOf } from "../platform/running-digests.ts";
import type { ListedFile } from "../repository/index.ts";
import type { ReceivedBytes } from "./adopt.ts";
import { DownloadMemory } from "./download-memory.ts";

/** A complete body, in a file or in memory. Nobody has checked it. It is valid until its partial is closed or discarded. */
export type Received = ReceivedFile | ReceivedInMemory;

export interface ReceivedFile {
  readonly path: string;
  readonly sizeBytes: number;
}

export interface ReceivedInMemory {
  readonly memory: DownloadMemory;
  /** The modification time that the file will have. */
  readonly modifiedAt: Date;
}

export const bytesOf = (received: Received): ReceivedBytes =>
  "path" in received ? received : { bytes: received.memory.bytes, modifiedAt: received.modifiedAt };

/** Identifies the bytes that a server sent, so that the rest can be requested later (RFC 9110, If-Range). */
interface ResponseIdentity {
  readonly etag?: string | undefined;
  readonly lastModified?: string | undefined;
}

/** A shorter partial is downloaded again as a whole: a second request costs more than the bytes. */
const resumableBytesMin = 1 << 20;

/**
 * A download that will become an object. Few bytes stay in memory; more are in a file, which is kept when the run ends early,
 * so that the next run continues it. Nothing outside its own directory sees them before their size and digests match.
 */
export class PartialFile {
  readonly path: string;
  /** All bytes, unless they are in the file. */
  readonly #memory: DownloadMemory;
  /** How many bytes are in the file. Undefined while there is none. */
  #fileBytes: number | undefined;
  #descriptor: number | undefined;
  #validator: string | undefined;
  /** The validator is on disk, as it is once there is enough to resume. */
  #isValidatorKept = false;
  /** This run or an earlier one may have written a validator. */
  #mayHaveValidator: boolean;

  private constructor(path: string, sizeBytes: number | undefined) {
    this.path = path;
    this.#mayHaveValidator = mayBeContinued(sizeBytes);
    this.#memory = new DownloadMemory(sizeBytes);
  }

  /** Continues what an earlier run left at `path`. With the size of the whole file, looks only for what may be continued. */
  static open(path: string, sizeBytes?: number): PartialFile {
    const partial = new PartialFile(path, sizeBytes);
    const found = mayBeContinued(sizeBytes) ? statLinkIfAny(path) : undefined;
    // nlink > 1: a killed run already named it as an object, and served bytes are never rewritten. A symlink is not ours.
    if (found?.isFile() !== true || found.nlink > 1 || found.size < resumableBytesMin) return partial;
    partial.#fileBytes = found.size;
    return partial;
  }

  get heldBytes(): number {
    return this.#fileBytes ?? this.#memory.sizeBytes;
  }

  get heldValidator(): string | undefined {
    if (this.heldBytes === 0) return undefined;
    if (this.#validator !== undefined || !this.#mayHaveValidator) return this.#validator;
    return readBytesIfAny(this.#validatorPath)?.toString("utf8");
  }

  begin(offsetBytes: number, response: ResponseIdentity): void {
    if (offsetBytes === 0 || offsetBytes !== this.heldBytes) this.discard();
    const isWeak = response.etag?.startsWith("W/") === true;
    this.#validator = isWeak ? response.lastModified : (response.etag ?? response.lastModified);
    this.#isValidatorKept = false;
  }

  write(chunk: Uint8Array): void {
    if (this.#fileBytes === undefined && this.#memory.append(chunk)) return;
    this.#append(this.#openFile(), chunk);
    this.#keepValidator();
  }

  /**
   * Ends the writing and returns what was received. Sets the modification time to upstream's, if that is known. With
   * `durable`, the bytes are on the disk afterwards: for files that are listed without a size, by which a sync would notice
   * that a power cut truncated them.
   */
  finish(lastModified: Date | undefined, { durable = false } = {}): Received {
    if (this.#fileBytes !== undefined || durable || lastModified === undefined)
      return this.#finishFile(lastModified, durable);
    return { memory: this.#memory, modifiedAt: lastModified };
  }

  #finishFile(lastModified: Date | undefined, durable: boolean): ReceivedFile {
    const descriptor = this.#openFile();
    if (lastModified !== undefined) setFileTimes(descriptor, lastModified, lastModified);
    if (durable) syncFile(descriptor);
    this.close();
    this.#removeValidator();
    return { path: this.path, sizeBytes: this.heldBytes };
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
    if (this.#fileBytes !== undefined) {
      removeFile(this.path);
      this.#removeValidator();
    }
    this.#validator = undefined;
    this.#fileBytes = undefined;
  }

  /** Opens the file for what comes next. What is in memory is written first. */
  #openFile(): number {
    if (this.#fileBytes !== undefined) return (this.#descriptor ??= openForAppend(this.path));
    const descriptor = openAnew(this.path);
    this.#descriptor = descriptor;
    this.#fileBytes = 0;
    this.#removeValidator(); // of an earlier run
    this.#append(descriptor, this.#memory.bytes);
    this.#memory.release();
    return descriptor;
  }

  #append(descriptor: number, bytes: Uint8Array): void {
    writeFully(descriptor, bytes);
    this.#fileBytes = this.heldBytes + bytes.length;
  }

  /** With it, the next run continues the file only if upstream still has the same. */
  #keepValidator(): void {
    if (this.#validator === undefined || this.#isValidatorKept || this.heldBytes < resumableBytesMin) return;
    this.#mayHaveValidator = true; // also if it is not written to its end
    writeSmallFile(this.#validatorPath, this.#validator, 0o600);
    this.#isValidatorKept = true;
  }

  /** To remove what is not there takes longer than to make a file, so it is tried only where one may be. */
  #removeValidator(): void {
    if (this.#mayHaveValidator) removeFile(this.#validatorPath);
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
