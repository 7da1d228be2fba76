import { type ErrorDetails, MirrorctlError } from "../errors.ts";

export type UpstreamCode =
  | "UNREACHABLE"
  | "TIMED_OUT"
  | "STALLED"
  | "CONNECTION_LOST"
  | "TRUNCATED"
  | "RESPONSE_MALFORMED"
  | "HTTP_STATUS"
  | "UNAUTHORIZED"
  | "TOO_LARGE"
  | "SIZE_DIFFERS"
  | "REDIRECT_REFUSED"
  | "REDIRECT_LOOP"
  | "TLS_FAILED"
  | "TLS_UNUSABLE"
  | "PROXY_FAILED"
  | "AUTH_CONF_MALFORMED"
  | "AUTH_CONF_UNREADABLE"
  | "DIRECTORY_UNUSABLE"
  | "FILE_UNUSABLE";

/** Whether to repeat the request: not at all, after a pause, or at once and without counting it. */
export type RetryAdvice = "never" | "later" | "at-once";

export interface UpstreamErrorDetails extends ErrorDetails {
  readonly retry?: RetryAdvice;
  /** How long the upstream asks clients to wait. */
  readonly retryAfterMs?: number | undefined;
}

/** An upstream could not be reached, did not answer as HTTP requires, or cannot be asked. Contains no credentials. */
export class UpstreamError extends MirrorctlError<UpstreamCode> {
  override readonly area = "upstream";
  readonly retry: RetryAdvice;
  readonly retryAfterMs: number | undefined;

  constructor(code: UpstreamCode, message: string, details: UpstreamErrorDetails = {}) {
    super(code, message, details);
    this.retry = details.retry ?? "never";
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** Returns the same error with what else was tried, after the last attempt or the last base URL. */
export function finalError(
  error: UpstreamError,
  addition: string,
  facts: UpstreamErrorDetails["facts"],
): UpstreamError {
  return new UpstreamError(error.code, `${error.message}${addition}`, {
    facts: { ...error.facts, ...facts },
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    cause: error.cause,
  });
}

/** What a failed request means: the words of its error, and whether to try again. */
export interface Failure {
  readonly code: UpstreamCode;
  /** The end of a sentence that starts with the URL. */
  readonly says: string;
  readonly hint?: string;
  readonly retry: RetryAdvice;
  /** Shows the code instead of Node's message, which recommends command-line flags of Node. */
  readonly hidesMessage?: true;
}

/** Statuses that may be different at the next attempt. */
export const retriedStatuses: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

/** For a transfer that broke off, which may have any cause between the upstream and this machine. */
export const brokenOffHint =
  "What came is kept, and the next sync continues there. If this stays so, look at the network, or add another mirror of the upstream to url.";

/** For an answer that no web server should give. */
export const oddAnswerHint =
  "Something other than the upstream may answer there, such as a proxy. Look at the URL with curl -v, and tell the upstream.";

/** For an http:// URL whose port answers as one for https does. */
export const httpsHint = "If the server speaks https at this port, write https:// in the mirror's url.";
