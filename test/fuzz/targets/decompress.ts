import { ok } from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { decompressFile } from "../../../src/platform/decompress/decompress.ts";
import type { Compression } from "../../../src/repository/index.ts";
import { temporaryDirectory } from "../../support/index.ts";
import type { FuzzTarget } from "../engine/target.ts";
import { openDecompressorOracle } from "../oracles/decompressors.ts";
import { accepted, attemptAsync } from "./properties.ts";

const bytesMax = 65_536;

const formats: readonly { compression: Compression; magic: string; program: string }[] = [
  { compression: "gz", magic: "\x1f\x8b", program: "gzip" },
  { compression: "xz", magic: "\xfd7zXZ\0", program: "xz" },
  { compression: "bz2", magic: "BZh", program: "bzip2" },
  { compression: "zst", magic: "\x28\xb5\x2f\xfd", program: "zstd" },
];

/** Compressed files, in the format of their first bytes. */
export const decompress: FuzzTarget = {
  name: "decompress",
  dictionary: formats
    .map(({ magic }) => magic)
    .concat("YZ", "1AY&SY", "\x17\x72\x45\x38\x50\x90", "\0\0\0\0", "\x50\x2a\x4d\x18"),
  async check(input) {
    const { compression } = formatOf(input);
    const read = await attemptAsync(() => decompressed(input));
    // Not the message: it names the file, and which of two readers of a stream fails first is chance.
    if (read.kind === "refused") return { kind: "refused", word: `${compression} ${read.error.code}` };
    ok(read.value.length <= bytesMax, "more than the limit");
    return accepted(compression, read.value.length);
  },
  oracle: {
    askOneIn: 4,
    open: () =>
      openDecompressorOracle(async (input) => ({
        program: formatOf(input).program,
        bytes: await decompressed(input),
      })),
  },
};

function formatOf(input: Uint8Array): (typeof formats)[number] {
  const start = Buffer.from(input.subarray(0, 8)).toString("latin1");
  const found = formats.find(({ magic }) => start.startsWith(magic)) ?? formats[0];
  if (found === undefined) throw new Error("no formats");
  return found;
}

async function decompressed(input: Uint8Array): Promise<Buffer> {
  await using dir = await temporaryDirectory("fuzz-");
  const path = dir.join("compressed");
  await writeFile(path, input);
  const options = { bytesMax, signal: new AbortController().signal };
  const chunks: Uint8Array[] = [];
  // Decoders may reuse the memory of a chunk.
  for await (const chunk of decompressFile(path, formatOf(input).compression, options)) {
    chunks.push(Uint8Array.from(chunk));
  }
  return Buffer.concat(chunks);
}
