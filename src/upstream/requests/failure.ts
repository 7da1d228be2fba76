import type { RetryAdvice, UpstreamCode } from "../errors.ts";

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
