import { redactUrl } from "../credentials/redact.ts";
import { brokenOffHint, oddAnswerHint, UpstreamError } from "../errors.ts";
import type { AcceptBody, BodyWriter, ResponseHead } from "./exchange.ts";
import type { DownloadRequest } from "./request.ts";
import { contentEncodingOf, contentRangeOf, lengthOf, validatorsOf } from "./response-headers.ts";

/** After so many cuts on shared connections, a request is sent alone. */
const cutOffsMax = 3;

/**
 * One download into its sink, over as many responses as it takes. Decides which range to request next, which body may be
 * appended to what the sink holds, and how long it may be.
 */
export class Transfer {
  readonly request: DownloadRequest;
  #mayResume = true;
  #receivedBytes = 0;
  /** Where the body must end, if a response has said so. */
  #endBytes: number | undefined;
  #limitBytes = 0;
  #isTaken = false;
  #cutOffs = 0;
  #isApart = false;

  constructor(request: DownloadRequest) {
    this.request = request;
  }

  /** True when a response to the last request goes into the sink. */
  get isTaken(): boolean {
    return this.#isTaken;
  }

  /**
   * Starts the next request. Returns its headers for the rest of what the sink holds, or none for all of the file (RFC 9110
   * 13.1.5 and 14.2).
   */
  nextRange(): Record<string, string> {
    this.#isTaken = false;
    const { sink } = this.request;
    if (!this.#canResume()) return {};
    const validator = sink.heldValidator;
    // Without a validator the range is requested anyway: the caller checks the whole file.
    const ifRange: Record<string, string> =
      validator === undefined || validator.startsWith("W/") ? {} : { "if-range": validator };
    return { range: `bytes=${sink.heldBytes}-`, ...ifRange };
  }

  #canResume(): boolean {
    const { sink, sizeBytes, bytesMax, validators } = this.request;
    const end = sizeBytes ?? bytesMax;
    return this.#mayResume && validators === undefined && sink.heldBytes > 0 && sink.heldBytes < end;
  }

  /** The length of the body, if the next request may share its connection with others. */
  get pipelinedBytes(): number | undefined {
    const { sizeBytes, validators, fresh } = this.request;
    const isPlain = validators === undefined && fresh !== true && !this.#canResume();
    return isPlain && !this.#isApart ? sizeBytes : undefined;
  }

  /** Sends the next requests on a connection without others. */
  keepApart(): void {
    this.#isApart = true;
  }

  /** Notes that a shared connection ended before the response, as it may at any time. */
  wasCutOff(): void {
    this.#isApart ||= ++this.#cutOffs === cutOffsMax;
  }

  /** Requests the whole file next. */
  startOver(): void {
    this.#mayResume = false;
  }

  /** Returns what takes bodies from `url` into the sink: of the whole file, or of the missing part. */
  acceptFrom(url: URL): AcceptBody {
    return (head) => {
      if (head.status === 200) return this.#begin(0, head, url);
      if (head.status === 206 && this.#continues(head))
        return this.#begin(this.request.sink.heldBytes, head, url);
      return undefined;
    };
  }

  /** Throws TRUNCATED if the body ended early although the connection did not. */
  finish(url: URL): void {
    if (this.#endBytes === undefined || this.#receivedBytes === this.#endBytes) return;
    const shown = redactUrl(url.href);
    throw new UpstreamError(
      "TRUNCATED",
      `GET ${shown}: the body ended after ${this.#receivedBytes} bytes, expected ${this.#endBytes}`,
      {
        facts: { url: shown, found: this.#receivedBytes, wanted: this.#endBytes },
        retry: "later",
        hint: brokenOffHint,
      },
    );
  }

  /** True for the error of a body whose length alone shows that it is not the file. */
  isOtherLength(error: unknown): error is UpstreamError {
    if (!(error instanceof UpstreamError) || this.request.sizeBytes === undefined) return false;
    return error.code === "SIZE_DIFFERS" || error.code === "TOO_LARGE";
  }

  #continues(head: ResponseHead): boolean {
    const { sink, sizeBytes } = this.request;
    const range = contentRangeOf(head);
    if (!this.#canResume() || range === undefined || contentEncodingOf(head) !== undefined) return false;
    const isSameSize =
      sizeBytes === undefined || range.totalBytes === undefined || range.totalBytes === sizeBytes;
    return range.startBytes === sink.heldBytes && isSameSize;
  }

  #begin(offsetBytes: number, head: ResponseHead, url: URL): BodyWriter {
    const { sink, bytesMax } = this.request;
    const isEncoded = contentEncodingOf(head) !== undefined;
    const sizeBytes = isEncoded ? undefined : this.request.sizeBytes;
    this.#limitBytes = sizeBytes ?? bytesMax;
    this.#assertLengthFits(offsetBytes, head, sizeBytes, url);
    // Encoded bytes are never continued: a later response may come without the encoding.
    this.#mayResume = !isEncoded;
    this.#endBytes = sizeBytes ?? contentRangeOf(head)?.totalBytes;
    this.#receivedBytes = offsetBytes;
    sink.begin(offsetBytes, validatorsOf(head));
    this.#isTaken = true;
    return (chunk) => {
      if (this.#receivedBytes + chunk.length > this.#limitBytes) throw this.#tooLong(url, "more");
      this.#receivedBytes += chunk.length;
      sink.write(chunk);
    };
  }

  #assertLengthFits(offsetBytes: number, head: ResponseHead, sizeBytes: number | undefined, url: URL): void {
    const length = lengthOf(head);
    if (length === undefined) return;
    const end = offsetBytes + length;
    if (end > this.#limitBytes) throw this.#tooLong(url, String(end));
    // A server may send less than the requested range (RFC 9110 15.3.7): the next request asks for the rest.
    if (offsetBytes === 0 && sizeBytes !== undefined && length !== sizeBytes) {
      throw sizeDiffers(url, String(length), sizeBytes);
    }
  }

  #tooLong(url: URL, found: string): UpstreamError {
    if (this.#limitBytes === this.request.sizeBytes) return sizeDiffers(url, found, this.#limitBytes);
    const shown = redactUrl(url.href);
    return new UpstreamError(
      "TOO_LARGE",
      `GET ${shown}: the body has ${found} bytes, expected at most ${this.#limitBytes}`,
      { facts: { url: shown, found, wanted: this.#limitBytes }, hint: oddAnswerHint },
    );
  }
}

function sizeDiffers(url: URL, found: string, wanted: number): UpstreamError {
  const shown = redactUrl(url.href);
  return new UpstreamError("SIZE_DIFFERS", `GET ${shown}: the body has ${found} bytes, expected ${wanted}`, {
    facts: { url: shown, found, wanted },
    hint: "The upstream is being updated, or a cache on the way is out of date.",
  });
}
