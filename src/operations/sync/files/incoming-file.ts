import type { MirrorNews } from "../../../report/events.ts";
import { type ListedFile, unlistedBytesMax } from "../../../repository/index.ts";
import {
  type LackedFile,
  PartialFile,
  partialPath,
  type Received,
  type SentBytes,
} from "../../../store/index.ts";
import { TrustError } from "../../../trust/index.ts";
import type { BodySink, ReceivedBody, Validators } from "../../../upstream/index.ts";
import { decodeBody } from "./content-encoding.ts";
import { type Intake, keepListed, mismatchWith } from "./intake.ts";

export interface IncomingPorts {
  readonly signal: AbortSignal;
  readonly now: () => Date;
  readonly emit: (news: MirrorNews) => void;
}

/**
 * A listed file while its bytes come. They go to a partial, which is kept when the run ends early. A complete body is checked and put into the tree, or discarded. Reports progress, and takes back what is dropped.
 */
export class IncomingFile implements BodySink {
  /** Of the first body that came: of several base URLs, the one that will be asked first again. */
  sent: SentBytes | undefined;
  /** The size of the file, once it is in the tree. */
  acceptedBytes = 0;
  readonly #ports: IncomingPorts;
  readonly #intake: Intake;
  readonly #file: ListedFile;
  readonly #known: LackedFile | undefined;
  readonly #partial: PartialFile;

  private constructor(
    ports: IncomingPorts,
    intake: Intake,
    file: ListedFile,
    known: LackedFile | undefined,
    partial: PartialFile,
  ) {
    this.#ports = ports;
    this.#intake = intake;
    this.#file = file;
    this.#known = known;
    this.#partial = partial;
  }

  /** `known`: the wrong bytes that an earlier sync found. They are recognized by their headers and not taken again. */
  static open(
    ports: IncomingPorts,
    intake: Intake,
    file: ListedFile,
    known: LackedFile | undefined,
  ): IncomingFile {
    const partial = PartialFile.open(partialPath(intake.partials, file), file.sizeBytes);
    const incoming = new IncomingFile(ports, intake, file, known, partial);
    incoming.#report(partial.heldBytes);
    return incoming;
  }

  get heldBytes(): number {
    return this.#partial.heldBytes;
  }

  get heldValidator(): string | undefined {
    return this.#partial.heldValidator;
  }

  /** Throws TrustError if the same wrong bytes come again, as from a server without conditional requests. */
  begin(offsetBytes: number, response: Validators): void {
    const known = this.#known;
    if (known?.sent !== undefined && isSame(response, known.sent)) throw stillWrong(known);
    if (offsetBytes === 0) this.#report(-this.#partial.heldBytes);
    this.#partial.begin(offsetBytes, response);
    this.sent ??= response;
  }

  write(chunk: Uint8Array): void {
    this.#partial.write(chunk);
    this.#report(chunk.length);
  }

  /** Puts a complete body into the tree, or returns why it is not the listed file. */
  readonly accept = async (body: ReceivedBody): Promise<TrustError | undefined> => {
    const { heldBytes } = this.#partial;
    const found = await this.#intake.keep(this.#finish(this.#partial, body), this.#file);
    if (found !== undefined) return this.#acceptDecoded(body, mismatchWith(found, this.#file));
    this.acceptedBytes = heldBytes;
    return undefined;
  };

  /** Does the same with a body that is not as listed: it may be encoded, although nobody asked for that. */
  async #acceptDecoded(body: ReceivedBody, mismatch: TrustError): Promise<TrustError | undefined> {
    const { heldBytes } = this.#partial;
    try {
      const decodedBytes = await this.#adoptDecoded(body);
      if (decodedBytes === undefined) throw mismatch;
      this.#partial.discard();
      this.acceptedBytes = decodedBytes;
      this.#report(decodedBytes - heldBytes);
      return undefined;
    } catch (error) {
      if (!(error instanceof TrustError)) throw error;
      this.discard();
      return error;
    }
  }

  /** Returns undefined if there is nothing to decode. */
  async #adoptDecoded(body: ReceivedBody): Promise<number | undefined> {
    const { contentEncoding } = body;
    const { signal } = this.#ports;
    const bytesMax = this.#file.sizeBytes ?? unlistedBytesMax;
    const decoded = PartialFile.open(`${this.#partial.path}.decoded`);
    try {
      if (!(await decodeBody(this.#partial, decoded, { contentEncoding, bytesMax, signal })))
        return undefined;
      await keepListed(this.#intake, this.#file, this.#finish(decoded, body));
      return decoded.heldBytes;
    } finally {
      decoded.discard();
    }
  }

  #finish(partial: PartialFile, { lastModified }: ReceivedBody): Received {
    return partial.finish(lastModified ?? this.#ports.now(), { durable: this.#file.sizeBytes === undefined });
  }

  discard(): void {
    this.#report(-this.#partial.heldBytes);
    this.#partial.discard();
  }

  /** Keeps what came, for the next attempt or run. */
  close(): void {
    this.#partial.close();
  }

  /** Files that are listed without a size do not count: the total that a progress bar counts to leaves them out. */
  #report(sizeBytes: number): void {
    if (this.#file.sizeBytes !== undefined && sizeBytes !== 0)
      this.#ports.emit({ type: "transfer-progressed", sizeBytes });
  }
}

/** Upstream still has the bytes that an earlier sync refused. */
export const stillWrong = (known: LackedFile | undefined): TrustError =>
  new TrustError("DIGEST_MISMATCH", known?.problem ?? "not modified since it was refused");

/** A date identifies bytes only if the server sends no ETag. */
function isSame(a: SentBytes, b: SentBytes): boolean {
  if (a.etag !== undefined || b.etag !== undefined) return a.etag === b.etag;
  return a.lastModified !== undefined && a.lastModified === b.lastModified;
}
