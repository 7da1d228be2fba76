/** A message was not sent. It becomes a reason in a warning, never the end of a command. Contains no secret. */
export class NotifyError extends Error {
  /** How long the recipient asks for patience. */
  readonly retryAfterMs: number | undefined;
  /** The recipient works, and does not take this message. It may take others. */
  readonly isRefusal: boolean;

  constructor(
    message: string,
    {
      retryAfterMs,
      isRefusal = false,
      cause,
    }: {
      readonly retryAfterMs?: number | undefined;
      readonly isRefusal?: boolean;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "NotifyError";
    this.retryAfterMs = retryAfterMs;
    this.isRefusal = isRefusal;
  }
}
