import { MirrorctlError } from "../../errors.ts";

export type FlushCode = "WRITE_LOST";

/** A flush has failed: the disk may have lost what was written before it, by this program or by another. */
export class FlushError extends MirrorctlError<FlushCode> {
  override readonly area = "store";
  readonly #path: string;
  readonly #cause: Error;

  constructor(path: string, cause: Error, items: readonly string[] = []) {
    const lastLine = cause.message.trim().split("\n").at(-1) ?? "";
    super("WRITE_LOST", `${path}: the disk may have lost what was written last: ${lastLine}`, {
      facts: { path },
      items,
      hint:
        "A sync does not show it, and gives up what it has stored: the next one downloads that again. dmesg says what the " +
        "disk answered. Repair or replace it, start the machine again, and then read all that is kept: " +
        "mirrorctl snapshot verify ID --deep --repair",
      cause,
    });
    this.#path = path;
    this.#cause = cause;
  }

  /** Returns the same error with more to say. */
  with(item: string): FlushError {
    return new FlushError(this.#path, this.#cause, [...this.items, item]);
  }
}
