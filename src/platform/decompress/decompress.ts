import { addAbortSignal, pipeline, type Readable, type Transform } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";
import type { Compression } from "../../repository/index.ts";
import { decodeByCommand } from "./by-command.ts";
import { type ByteRange, readStream } from "./byte-range.ts";
import { decodeBzip2 } from "./bzip2.ts";
import { DecompressionError, damaged, tooLargeHint } from "./errors.ts";
import { decodeXzByWasm } from "./xz.ts";
import { wholeFrames, ZstdFrameError } from "./zstd-frames.ts";

/** Programs of the system that decode, each where it was found. */
export interface DecoderCommands {
  /** Reads xz faster than the decoder that is built in, and lzma, for which there is no other. */
  readonly xz: string | undefined;
  /** The only decoder for lz4. */
  readonly lz4: string | undefined;
}

/** What `decompressFile` cannot read without a program: the program, which a Debian package of that name or so has. */
export function missingProgram(
  compression: Compression,
  commands: DecoderCommands,
): "xz" | "lz4" | undefined {
  if (compression === "lzma") return commands.xz === undefined ? "xz" : undefined;
  return compression === "lz4" && commands.lz4 === undefined ? "lz4" : undefined;
}

export interface DecompressOptions {
  /** More than this fails: a small file may hold any number of bytes. */
  readonly bytesMax: number;
  readonly signal: AbortSignal;
  /** Those that are installed. */
  readonly commands?: DecoderCommands;
  /** The compressed bytes; unset: the whole file. */
  readonly range?: ByteRange | undefined;
}

const chunkSizeBytes = 262_144;

/**
 * Streams the decompressed bytes of a file; members and frames that follow one another are one stream, as for the
 * commands. Fails with a DecompressionError when they exceed bytesMax, or when the file is damaged or ends early; with
 * Node's error when it cannot be read; with `signal.reason` once that is aborted. Ending the iteration frees all.
 */
export async function* decompressFile(
  path: string,
  compression: Compression,
  options: DecompressOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { bytesMax, signal } = options;
  signal.throwIfAborted();
  let totalBytes = 0;
  try {
    for await (const chunk of decoders[compression](path, options)) {
      signal.throwIfAborted();
      totalBytes += chunk.length;
      if (totalBytes > bytesMax) throw tooLarge(path, bytesMax);
      yield chunk;
    }
  } catch (error) {
    // Streams that are aborted fail with an AbortError of their own; the caller is promised the reason.
    signal.throwIfAborted();
    throw error;
  }
}

type Decoder = (path: string, options: DecompressOptions) => AsyncIterable<Uint8Array>;

const decoders: Readonly<Record<Compression, Decoder>> = {
  plain: (path, { signal, range }) => addAbortSignal(signal, readStream(path, range, chunkSizeBytes)),
  gz: (path, options) => decodeByZlib(path, "gzip", createGunzip({ chunkSize: chunkSizeBytes }), options),
  zst: decodeZstd,
  bz2: (path, { range }) => decodeBzip2(path, range),
  xz: (path, options) =>
    options.commands?.xz === undefined
      ? decodeXzByWasm(path, options)
      : decodeByCommand(path, "xz", options.commands.xz, options),
  lzma: (path, options) => decodeByCommand(path, "lzma", options.commands?.xz ?? "xz", options),
  lz4: (path, options) => decodeByCommand(path, "lz4", options.commands?.lz4 ?? "lz4", options),
};

/** Node's decoder passes over in silence a last frame that ends early, and what follows a frame and is none. */
async function* decodeZstd(
  path: string,
  options: DecompressOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const decoder = createZstdDecompress({ chunkSize: chunkSizeBytes });
  const whole = async function* (file: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    try {
      yield* wholeFrames(file);
    } catch (error) {
      if (error instanceof ZstdFrameError) throw damaged(path, "zstd", error.message, error);
      throw error;
    }
  };
  yield* decodeByZlib(path, "zstd", decoder, options, whole);
}

async function* decodeByZlib(
  path: string,
  format: string,
  decoder: Transform,
  { signal, range }: DecompressOptions,
  prepare: (file: Readable) => AsyncIterable<Buffer> = (file) => file,
): AsyncGenerator<Uint8Array, void, undefined> {
  // pipeline() hands the failure of either to both; it is met once, where the decoder is read.
  const file = readStream(path, range, chunkSizeBytes);
  pipeline(file, prepare, decoder, () => undefined);
  try {
    yield* addAbortSignal(signal, decoder);
  } catch (error) {
    if (isZlibError(error)) throw damaged(path, format, error.message, error);
    throw error;
  }
}

/** zlib's own codes start with "Z_", zstd's with "ZSTD_". */
function isZlibError(error: unknown): error is Error {
  return (
    error instanceof Error &&
    "code" in error &&
    typeof error.code === "string" &&
    /^Z(STD)?_/.test(error.code)
  );
}

function tooLarge(path: string, bytesMax: number): DecompressionError {
  return new DecompressionError(
    "STREAM_TOO_LARGE",
    `${path} decompresses to more than the ${bytesMax} bytes that were expected at most`,
    { facts: { path, wanted: bytesMax }, hint: tooLargeHint },
  );
}
