import { gunzipSync } from "node:zlib";
import { hasCode } from "../../errors.ts";
import { DecompressionError, damaged, tooLargeHint } from "./errors.ts";

/**
 * Decompresses a small file that is in memory. `name` is what messages call it. Throws a DecompressionError if it is
 * damaged or cut, or if it holds more than `bytesMax`.
 */
export function gunzip(name: string, bytes: Uint8Array, bytesMax: number): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: bytesMax });
  } catch (error) {
    if (hasCode(error, "ERR_BUFFER_TOO_LARGE"))
      throw new DecompressionError("STREAM_TOO_LARGE", `${name} holds more than ${bytesMax} bytes`, {
        hint: tooLargeHint,
        cause: error,
      });
    if (error instanceof Error && "errno" in error) throw damaged(name, "gzip", error.message, error);
    throw error;
  }
}
