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
  | "AUTH_CONF_UNREADABLE";

/** Whether the same request may be repeated: not at all, after a pause, or at once and without counting it. */
export type RetryAdvice = "never" | "later" | "at-once";

export interface UpstreamErrorDetails extends ErrorDetails {
  readonly retry?: RetryAdvice;
  /** How long the upstream asks to be left alone. */
  readonly retryAfterMs?: number | undefined;
}

/** An upstream was not reached, did not answer as HTTP requires, or cannot be asked. Nothing in it is a credential. */
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

/** The same failure, after the last attempt or the last base URL: said with what else was tried. */
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

/** What a failed request means: how an error is worded, and whether to try again. */
export interface Failure {
  readonly code: UpstreamCode;
  /** The end of a sentence that begins with the URL. */
  readonly says: string;
  readonly hint?: string;
  readonly retry: RetryAdvice;
  /** Shows the code instead of Node's message, which recommends command line flags of Node. */
  readonly hidesMessage?: true;
}

/** An answer with one of these may be another one later. */
export const retriedStatuses: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

/** For http:// where the answer is that of a port for https. */
export const httpsHint = "If the server speaks https at this port, write https:// in the mirror's url.";
