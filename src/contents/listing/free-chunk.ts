/**
 * Gives the memory of a decompressed chunk back at once. Left to the garbage collector, the chunks of an index of 50 MB make it
 * search the whole heap again and again. Nobody may use the chunk afterwards, nor those before it.
 *
 * Chunks may share a buffer: it goes with the last of them, which reaches its end, since a decoder writes no byte twice. One of at
 * most the size of Node's pool may be that, and is left alone.
 */
export function freeChunk({ buffer, byteOffset, byteLength }: Uint8Array): void {
  const isEnd = byteOffset + byteLength === buffer.byteLength;
  if (isEnd && buffer instanceof ArrayBuffer && buffer.byteLength > Buffer.poolSize) buffer.transfer(0);
}
