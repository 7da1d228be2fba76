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

/** A received file: its size, SHA-256 (its name as an object) and every listed digest. */
export interface ReceivedFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly digests: Digests & { readonly sha256: Sha256 };
}

/** Identifies the bytes that a server sent, so that the rest can be requested later (RFC 9110, If-Range). */
interface ResponseIdentity {
  readonly etag?: string | undefined;
  readonly lastModified?: string | undefined;
}

/** A shorter partial is downloaded again as a whole: a second request costs more than the bytes. */
const resumableBytesMin = 1 << 20;

/**
 * A download that will become an object. It is hashed as it grows, and kept when the run ends early, so that the next run
 * continues it. Nothing outside its own directory sees it before its size and digests match.
 */
export class PartialFile {
  readonly path: string;
  readonly #listed: Digests;
  #running: RunningDigests;
  #descriptor: number | undefined;
  /** Written when there is enough to resume. */
  #validator: string | undefined;

  private constructor(path: string, listed: Digests) {
    this.path = path;
    this.#listed = listed;
    this.#running = new RunningDigests(listed);
  }

  /** Continues what an earlier run left at `path`. Those bytes are hashed again from the disk. */
  static async open(path: string, listed: Digests): Promise<PartialFile> {
    makeDirectory(dirname(path), 0o700);
    const partial = new PartialFile(path, listed);
    // nlink > 1: a killed run already named it as an object, and served bytes are never rewritten. A symlink is not ours.
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
   * Ends the writing and returns what was received. Sets the modification time to upstream's, if that is known. With
   * `durable`, the bytes are on the disk afterwards: for files that are listed without a size, by which a sync would notice
   * that a power cut truncated them.
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
    this.#descriptor = undefined; // before it is closed: a descriptor that fails to close is gone too
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
