import type { MirrorctlError } from "../../errors.ts";

/** One upstream repository, behind one or several base URLs. */
export interface Upstream {
  /** The directory that it reads in place of servers: nothing in it changes during a sync, and no cache is on the way. */
  readonly directory?: string | undefined;
  /** How many requests keep its connections busy. Grows when requests may be sent ahead of responses. */
  readonly requestsAtOnce: number;
  /**
   * Downloads one file into its sink, from the first base URL that serves it. Rejects with an UpstreamError, with the error
   * that the sink or `accept` threw, or, when `signal` is aborted, with `signal.reason`.
   */
  download(request: DownloadRequest, signal: AbortSignal): Promise<DownloadResult>;
  /** Its base URLs, each as an upstream of its own, in the order in which `download` asks them. */
  readonly sources: readonly UpstreamSource[];
}

/** One base URL of an upstream. `download` asks no other. */
export interface UpstreamSource extends Upstream {
  /** Without credentials. */
  readonly url: string;
  /** Makes it the first that the upstream asks from now on. */
  prefer(): void;
}

export interface DownloadRequest {
  /** Relative to the base URL, percent-encoded, without a leading slash. */
  readonly path: string;
  readonly sink: BodySink;
  /** The exact length, if it is known: a body of another length is refused, and never more than this is written. */
  readonly sizeBytes?: number | undefined;
  /** The longest body to take if the length is not known, or if the body has a Content-Encoding. */
  readonly bytesMax: number;
  /** Of the copy that the caller has: the result may then be "not-modified". Such a request is never resumed. */
  readonly validators?: KnownValidators | undefined;
  /** Asks caches on the way for what the origin has now. */
  readonly fresh?: boolean | undefined;
  /**
   * Checks a complete body. Returns why it is not the requested file, or undefined to accept it. After a refusal the next
   * base URL is asked, as after a body of another length.
   */
  readonly accept?: ((body: ReceivedBody) => Promise<MirrorctlError | undefined>) | undefined;
}

/** What the headers of a complete body say. */
export interface ReceivedBody {
  readonly validators: KnownValidators;
  readonly lastModified: Date | undefined;
  /** In lower case, such as "gzip": the sink has the encoded bytes. Undefined for an unencoded body. */
  readonly contentEncoding: string | undefined;
}

export type DownloadResult =
  | ({ readonly kind: "accepted" } & ReceivedBody)
  | { readonly kind: "not-modified" }
  | AbsentFile
  | RefusedBody;

/** Whether 403 means "missing", as it does on S3, is for the caller to decide. */
export interface AbsentFile {
  readonly kind: "absent";
  /** Undefined if a directory does not have it. */
  readonly status: 403 | 404 | 410 | undefined;
  /** Without credentials; of a directory, the path. */
  readonly url: string;
  /** The proxy that was asked, as a noun phrase. It may be the one that answers 403. */
  readonly proxy?: string | undefined;
}

/** A server sent something, but not the requested file, and no base URL has the file. */
export interface RefusedBody {
  readonly kind: "refused";
  /** The base URL that sent it, without credentials; the first of several. */
  readonly url: string;
  /** The error that `accept` returned, or an UpstreamError about the length. */
  readonly why: MirrorctlError;
}

/** ETag and Last-Modified, as they were sent. */
export interface Validators {
  readonly etag?: string | undefined;
  readonly lastModified?: string | undefined;
}

/**
 * Validators, and the base URL that sent them, without credentials. They are sent to no other base URL, which would compare
 * them with its own file and call an older one "not modified". Validators without `from` are sent to each.
 */
export interface KnownValidators extends Validators {
  readonly from?: string | undefined;
}

/** Where a body goes. Both numbers are read before each attempt, so that a broken transfer continues where it broke. */
export interface BodySink {
  /** Bytes kept from an earlier attempt or run. */
  readonly heldBytes: number;
  /** `rangeValidator` of the response that they came from, if there is one. */
  readonly heldValidator: string | undefined;
  /** Starts a body. At 0, the sink drops what it holds; otherwise `offsetBytes` is `heldBytes`, and the body is appended. */
  begin(offsetBytes: number, response: Validators): void;
  /** The chunk is valid during the call. May throw: the transfer is then aborted, and `download` rejects with that error. */
  write(chunk: Uint8Array): void;
}

/** Returns what If-Range may carry: a strong ETag, or else the date. RFC 9110 13.1.5 forbids weak ETags there. */
export function rangeValidator(validators: Validators): string | undefined {
  const { etag, lastModified } = validators;
  return etag === undefined || etag.startsWith("W/") ? lastModified : etag;
}
