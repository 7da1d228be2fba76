/** One upstream repository, behind one or several base URLs. */
export interface Upstream {
  /** As many requests as keep its connections busy; grows where they may be sent ahead of the answers. */
  readonly requestsAtOnce: number;
  /**
   * Brings one file. Rejects with an UpstreamError, with whatever the sink threw, or, once `signal` is aborted, with
   * `signal.reason`.
   */
  get(request: GetRequest, signal: AbortSignal): Promise<GetResult>;
  /** Its base URLs one by one, in the order in which `get` asks them. */
  readonly sources: readonly UpstreamSource[];
}

/** One base URL of an upstream. `get` asks it alone. */
export interface UpstreamSource extends Upstream {
  /** Without credentials. */
  readonly url: string;
  /** From now on, the upstream asks it first. */
  prefer(): void;
}

export interface GetRequest {
  /** Relative to the base URL and percent-encoded already; no leading slash. */
  readonly path: string;
  readonly sink: BodySink;
  /** The exact length, when it is known: another one is refused, and never more than this is written. */
  readonly sizeBytes?: number | undefined;
  /** The bound when the length is not known, or when the body comes with a Content-Encoding. */
  readonly bytesMax: number;
  /** What is held already: the answer may then be "not-modified". Such a request is never resumed. */
  readonly validators?: KnownValidators | undefined;
  /** Ask caches on the way for what the origin has now. */
  readonly fresh?: boolean | undefined;
  /**
   * Looks at a body that has come whole. Where it throws BODY_REFUSED, the next base URL is asked: as of one of another
   * size, other bytes may stand there.
   */
  readonly check?: ((fetched: Fetched) => Promise<void>) | undefined;
}

export interface Fetched {
  readonly kind: "fetched";
  readonly validators: KnownValidators;
  readonly lastModified: Date | undefined;
  /** Lower case, such as "gzip": the sink was given the encoded bytes. Undefined: as they are. */
  readonly contentEncoding: string | undefined;
}

export type GetResult =
  | Fetched
  | { readonly kind: "not-modified" }
  /** `url` bears no credentials. Whether 403 means "missing", as it does on S3, is the caller's to decide. */
  | {
      readonly kind: "absent";
      readonly status: 403 | 404 | 410;
      readonly url: string;
      /** The proxy that was asked, which may be what answers 403: a noun phrase. */
      readonly proxy?: string | undefined;
    };

/** ETag and Last-Modified, as they were sent. */
export interface Validators {
  readonly etag?: string | undefined;
  readonly lastModified?: string | undefined;
}

/**
 * Validators, and the base URL that sent them, without credentials: another one would compare them with a file of its own,
 * and an older file there counts as not modified. Where the base URL is not known, each is asked with them.
 */
export interface KnownValidators extends Validators {
  readonly from?: string | undefined;
}

/** Where a body goes. Both numbers are read again before each attempt, so a broken transfer goes on where it broke. */
export interface BodySink {
  /** Bytes kept from an earlier attempt or run; 0: none. */
  readonly heldBytes: number;
  /** `rangeValidator` of the response that they came from, if any. */
  readonly heldValidator: string | undefined;
  /** A body begins: at 0, whatever was held is to be dropped; else `offsetBytes` is `heldBytes`, and it is appended. */
  begin(offsetBytes: number, response: Validators): void;
  /** May throw: the transfer is then aborted, and `get` rejects with that error. */
  write(chunk: Uint8Array): void;
}

/** What If-Range may carry: a strong ETag, else the date. RFC 9110 13.1.5 forbids weak ones there. */
export function rangeValidator(validators: Validators): string | undefined {
  const { etag, lastModified } = validators;
  return etag === undefined || etag.startsWith("W/") ? lastModified : etag;
}
