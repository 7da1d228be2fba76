import { constants, gzipSync, zstdCompressSync } from "node:zlib";
import { findProgram, runProgram } from "./run-program.ts";

export type Compression = "gz" | "xz" | "bz2" | "zst";

/** The forms that Debian and Ubuntu use most: gz and xz, or only gz if `xz` is not installed. */
export const usualCompressions: readonly Compression[] =
  findProgram("xz") === undefined ? ["gz"] : ["gz", "xz"];

/** Returns the same bytes for the same input. xz and bz2 need the program of that name. */
export function compress(content: Uint8Array, compression: Compression): Promise<Buffer> {
  return compressors[compression](content);
}

const compressors: Readonly<Record<Compression, (content: Uint8Array) => Promise<Buffer>>> = {
  gz: async (content) => gzipSync(content, { level: constants.Z_BEST_COMPRESSION }),
  xz: (content) => filter("xz", content),
  bz2: (content) => filter("bzip2", content),
  zst: async (content) => zstdCompressSync(content),
};

async function filter(program: string, input: Uint8Array): Promise<Buffer> {
  const { exitCode, stdout, output } = await runProgram(program, ["-c"], { input });
  if (exitCode !== 0) throw new Error(`${program} failed with ${exitCode}: ${output}`);
  return stdout;
}
