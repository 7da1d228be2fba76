import { addAbortSignal, Readable } from "node:stream";
import { type ByteRange, readStream } from "./byte-range.ts";
import { damaged } from "./errors.ts";

/** Decodes within this process, where there is no `xz`: slower, and without the rarer filters and check types. */
export async function* decodeXzByWasm(
  path: string,
  { signal, range }: { readonly signal: AbortSignal; readonly range?: ByteRange | undefined },
): AsyncGenerator<Uint8Array, void, undefined> {
  const { XzReadableStream } = (await import("xz-decompress")).default;
  const source = addAbortSignal(signal, readStream(path, range));
  let readFailure: Error | undefined;
  source.once("error", (error) => {
    readFailure = error;
  });
  try {
    yield* new XzReadableStream(Readable.toWeb(source));
  } catch (error) {
    if (readFailure !== undefined) throw readFailure;
    const found = error instanceof Error ? error.message : String(error);
    throw damaged(
      path,
      "xz",
      `${found}; xz-utils, once installed, would be used and knows more variants`,
      error,
    );
  } finally {
    source.destroy();
  }
}
