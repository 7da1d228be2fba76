import { join } from "node:path";
import {
  type DecoderCommands,
  decompressFile,
  missingProgram,
} from "../../../platform/decompress/decompress.ts";
import { RunningDigests } from "../../../platform/running-digests.ts";
import { RepositoryError } from "../../../repository/index.ts";
import { checkDigests } from "../../../trust/index.ts";
import { unlistedBytesMax } from "../files/content-encoding.ts";
import type { BroughtIndex, IndexForm } from "./fetch-index.ts";

export interface Decompression {
  readonly signal: AbortSignal;
  readonly decoderCommands: DecoderCommands;
}

/**
 * The decompressed bytes of an index. Their own size and digests are listed too and are checked as apt does, so that
 * what was read here is what any client reads, whichever form it takes; the listed size bounds the decompression.
 */
export async function* readChecked(
  { signal, decoderCommands: commands }: Decompression,
  index: BroughtIndex,
  tree: string,
): AsyncGenerator<Uint8Array> {
  const { plain } = index.wanted;
  if (plain?.sizeBytes === 0) return; // as apt, which never asks for one, whatever a compressed form may hold
  const { path, compression, sizeBytes: formBytes } = decodableForm(index, commands);
  const running = new RunningDigests(plain?.digests ?? {});
  const chunks = decompressFile(join(tree, path), compression, {
    bytesMax: plain?.sizeBytes ?? plainBytesMax(formBytes),
    signal,
    commands,
  });
  for await (const chunk of chunks) {
    running.update(chunk);
    yield chunk;
  }
  if (plain !== undefined) {
    const { sizeBytes } = running;
    checkDigests(running.finish(), sizeBytes, { ...plain, path: `${path}, decompressed` });
  }
}

/**
 * Where Release lists the compressed form alone, as flat repositories may: no index of packages is compressed to a
 * hundredth, and a small one may be anything.
 */
const plainBytesMax = (formBytes: number): number =>
  Math.min(unlistedBytesMax, Math.max(16 * 2 ** 20, 200 * formBytes));

function decodableForm(index: BroughtIndex, commands: DecoderCommands): IndexForm {
  const { name, forms } = index;
  const decodable = forms.find(({ compression }) => missingProgram(compression, commands) === undefined);
  if (decodable !== undefined) return decodable;
  const compressions = forms.map(({ compression }) => compression);
  const programs = compressions.flatMap((compression) => missingProgram(compression, commands) ?? []);
  throw new RepositoryError(
    "INDEX_UNREADABLE",
    `${name} exists only as ${compressions.join(" and ")}, which mirrorctl reads where ${programs.join(" or ")} is installed`,
    {
      facts: { forms: compressions },
      hint: "On Debian: apt install xz-utils lz4. Without them mirrorctl reads plain, gz, xz, bz2 and zst.",
    },
  );
}
