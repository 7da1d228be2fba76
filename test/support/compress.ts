import { constants, gzipSync, zstdCompressSync } from "node:zlib";
import { digestOf } from "./digests.ts";
import { findProgram, runProgram } from "./run-program.ts";

export type Compression = "gz" | "xz" | "bz2" | "zst";

/** The forms that Debian and Ubuntu use most: gz and xz, or only gz if `xz` is not installed. */
export const usualCompressions: readonly Compression[] =
  findProgram("xz") === undefined ? ["gz"] : ["gz", "xz"];

/** Returns the same bytes for the same input, in a new buffer. xz and bz2 need the program of that name. */
export async function compress(content: Uint8Array, compression: Compression): Promise<Buffer> {
  if (content.length > rememberedBytesMax) return compressors[compression](content);
  const key = `${compression} ${digestOf(content, "SHA256")}`;
  const compressed = remembered.get(key) ?? compressors[compression](content);
  remembered.set(key, compressed);
  return Buffer.from(await compressed);
}

/** Tests publish the same small indices again and again, and starting `xz` for each took a tenth of their time. */
const remembered = new Map<string, Promise<Buffer>>();
const rememberedBytesMax = 16_384;

const compressors: Readonly<Record<Compression, (content: Uint8Array) => Promise<Buffer>>> = {
  gz: async (content) => gzipSync(content, { level: constants.Z_BEST_COMPRESSION }),
  // Its usual level fills megabytes of tables first, whatever the input.
  xz: (content) => filter(["xz", "-0"], content),
  bz2: (content) => filter(["bzip2"], content),
  zst: async (content) => zstdCompressSync(content),
};

type Command = readonly [program: string, ...options: string[]];

async function filter([program, ...options]: Command, input: Uint8Array): Promise<Buffer> {
  const { exitCode, stdout, output } = await runProgram(program, [...options, "-c"], { input });
  if (exitCode !== 0) throw new Error(`${program} failed with ${exitCode}: ${output}`);
  return stdout;
}
