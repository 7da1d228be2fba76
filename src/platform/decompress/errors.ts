import { MirrorctlError } from "../../errors.ts";

export type DecompressionCode = "STREAM_DAMAGED" | "STREAM_TOO_LARGE" | "DECOMPRESSOR_FAILED";

/** A compressed file does not hold what its format requires, or more than it may. */
export class DecompressionError extends MirrorctlError<DecompressionCode> {
  override readonly area = "repository";
}

export const tooLargeHint =
  "Its list is wrong, or the file was made to fill this machine. Tell the owner of the upstream.";

export function damaged(path: string, format: string, found: string, cause?: unknown): DecompressionError {
  return new DecompressionError("STREAM_DAMAGED", `cannot decompress ${path} as ${format}: ${found}`, {
    facts: { path, format, found },
    hint: "If the file matches its signed digest, the upstream made it so; else it is fetched again.",
    cause,
  });
}
