import { gunzipSync } from "node:zlib";
import { decompressFile } from "../../../platform/decompress/decompress.ts";
import { DecompressionError } from "../../../platform/decompress/errors.ts";
import type { PartialFile } from "../../../store/index.ts";

/*
 * Some servers send "Content-Encoding: gzip" although the request does not allow it. Not all of them encode anything: some
 * take a .gz file for an encoded one and send it as it is. Only the listed digests show which bytes are meant.
 */

/**
 * Decodes a received body into `into`, which is then checked like any other. Returns false if its headers name no encoding,
 * if it is not gzip, or if it decodes to more than `bytesMax`.
 */
export async function decodeBody(
  received: PartialFile,
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
    for await (const chunk of decompressFile(received.moveToFile(), "gz", { bytesMax, signal }))
      into.write(chunk);
    return true;
  } catch (error) {
    if (error instanceof DecompressionError) return false;
    throw error;
  }
}

/** Decodes a small file that no list has digests of. Returns the bytes as they came if they do not decode. */
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
 * Returns how long the encoded form of a file may be. Deflate can make it longer than the file: by 5 bytes for each block
 * that it stores as it is, and a header.
 */
export const encodedBytesMax = (sizeBytes: number): number => sizeBytes + Math.ceil(sizeBytes / 64) + 1024;

const isGzip = (contentEncoding: string | undefined): boolean =>
  contentEncoding === "gzip" || contentEncoding === "x-gzip";
