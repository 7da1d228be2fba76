import { join } from "node:path";
import { type Compression, decompressFile } from "../../platform/decompress.ts";
import { RunningDigests } from "../../platform/running-digests.ts";
import { RepositoryError, type RepositoryPath } from "../../repository/index.ts";
import { checkDigests } from "../../trust/index.ts";
import { unlistedBytesMax } from "./decode-body.ts";
import type { BroughtIndex } from "./fetch-index.ts";

export interface Decompression {
  readonly signal: AbortSignal;
  /** "xz" where it is installed; else the slower decoder that is built in. */
  readonly xzCommand: string | undefined;
}

/**
 * The decompressed bytes of an index. Their own size and digests are listed too and are checked as apt does, so that
 * what was read here is what any client reads, whichever form it takes; the listed size bounds the decompression.
 */
export async function* readChecked(
  { signal, xzCommand }: Decompression,
  index: BroughtIndex,
  tree: string,
): AsyncGenerator<Uint8Array> {
  const { plain } = index.wanted;
  if (plain?.sizeBytes === 0) return; // as apt, which never asks for one, whatever a compressed form may hold
  const { path, compression, sizeBytes: formBytes } = decodableForm(index);
  const running = new RunningDigests(plain?.digests ?? {});
  const chunks = decompressFile(join(tree, path), compression, {
    bytesMax: plain?.sizeBytes ?? plainBytesMax(formBytes),
    signal,
    xzCommand,
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

function decodableForm(index: BroughtIndex): {
  readonly path: RepositoryPath;
  readonly compression: Compression;
  readonly sizeBytes: number;
} {
  for (const { path, compression, sizeBytes } of index.forms) {
    if (compression !== "lzma" && compression !== "lz4") return { path, compression, sizeBytes };
  }
  const forms = index.forms.map(({ compression }) => compression);
  throw new RepositoryError("INDEX_UNREADABLE", `${index.name} exists only as ${forms.join(" and ")}`, {
    facts: { forms },
    hint: "mirrorctl reads plain, gz, xz, bz2 and zst.",
  });
}
