import { MirrorctlError } from "../../errors.ts";

export type FlushCode = "WRITE_LOST";

/** A flush has failed: the disk may have lost what was written before it, by this program or by another. */
export class FlushError extends MirrorctlError<FlushCode> {
  override readonly area = "store";

  constructor(path: string, cause: Error) {
    const lastLine = cause.message.trim().split("\n").at(-1) ?? "";
    super("WRITE_LOST", `${path}: the disk may have lost what was written last: ${lastLine}`, {
      facts: { path },
      hint:
        "It is not shown, and the next sync downloads it again. dmesg says what the disk answered. Repair or replace it, " +
        "start the machine again, and then read all that is kept: mirrorctl snapshot verify ID --deep --repair",
      cause,
    });
  }
}
