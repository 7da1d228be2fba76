import { gunzipSync } from "node:zlib";
import { decompressFile } from "../../../platform/decompress/decompress.ts";
import { DecompressionError } from "../../../platform/decompress/errors.ts";
import type { PartialFile, ReceivedFile } from "../../../store/index.ts";

/*
 * Some servers send "Content-Encoding: gzip" although nobody asks for it, and not all of them encode anything: those
 * that take a .gz file for an encoded one send it as it is. Only what is listed can say which bytes are meant.
 */

/**
 * Writes to `into` what a received body decodes to, to be checked like any other; false where it was not sent as
 * encoded, is not gzip in truth, or holds more than `bytesMax`.
 */
export async function decodeBody(
  received: ReceivedFile,
  into: PartialFile,
  {
    contentEncoding,
    bytesMax,
    signal,
  }: {
    readonly contentEncoding: string | undefined;
    readonly bytesMax: number;
    readonly signal: AbortSignal;
  },
): Promise<boolean> {
  if (!isGzip(contentEncoding)) return false;
  into.begin(0, {});
  try {
    for await (const chunk of decompressFile(received.path, "gz", { bytesMax, signal })) into.write(chunk);
    return true;
  } catch (error) {
    if (error instanceof DecompressionError) return false;
    throw error;
  }
}

/** The same for a small file that no list has digests of: as it came where it does not decode. */
export function decodeBytes(
  bytes: Buffer<ArrayBuffer>,
  contentEncoding: string | undefined,
  bytesMax: number,
): Buffer<ArrayBuffer> {
  if (!isGzip(contentEncoding)) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: bytesMax });
  } catch (error) {
    if (error instanceof Error && "code" in error) return bytes; // zlib's errors have codes
    throw error;
  }
}

/**
 * How long the encoded form of a file may be: deflate can make it longer than the file, by 5 bytes for each block that
 * it stores as it is, and a header.
 */
export const encodedBytesMax = (sizeBytes: number): number => sizeBytes + Math.ceil(sizeBytes / 64) + 1024;

/** For what is listed without a size, so that nothing signed bounds it. */
export const unlistedBytesMax = 4 * 2 ** 30;

const isGzip = (contentEncoding: string | undefined): boolean =>
  contentEncoding === "gzip" || contentEncoding === "x-gzip";
