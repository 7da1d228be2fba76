/** A message was not sent. It becomes a reason in a warning, never the end of a command. Contains no secret. */
export class NotifyError extends Error {
  /** How long the recipient asks for patience. */
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    { retryAfterMs, cause }: { readonly retryAfterMs?: number | undefined; readonly cause?: unknown } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "NotifyError";
    this.retryAfterMs = retryAfterMs;
  }
}
