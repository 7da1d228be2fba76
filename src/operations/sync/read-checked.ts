import { join } from "node:path";
import { type Compression, decompressFile } from "../../platform/decompress.ts";
import { RunningDigests } from "../../platform/running-digests.ts";
import { RepositoryError, type RepositoryPath } from "../../repository/index.ts";
import type { TreeDraft } from "../../snapshot/index.ts";
import { checkDigests } from "../../trust/index.ts";
import type { BroughtIndex } from "./fetch-indices.ts";
import { unlistedBytesMax } from "./receive-file.ts";
import type { SyncContext } from "./sync-context.ts";

/**
 * The decompressed bytes of an index. Their own size and digests are listed too and are checked as apt does, so that
 * what was read here is what any client reads, whichever form it takes; the listed size bounds the decompression.
 */
export async function* readChecked(
  context: SyncContext,
  index: BroughtIndex,
  draft: TreeDraft,
): AsyncGenerator<Uint8Array> {
  const { path, compression } = decodableForm(index);
  const { plain } = index.wanted;
  const running = new RunningDigests(plain?.digests ?? {});
  const chunks = decompressFile(join(draft.root, path), compression, {
    bytesMax: plain?.sizeBytes ?? unlistedBytesMax,
    signal: context.signal,
    xzCommand: context.xzCommand,
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

function decodableForm(index: BroughtIndex): {
  readonly path: RepositoryPath;
  readonly compression: Compression;
} {
  for (const { path, compression } of index.forms) {
    if (compression !== "lzma" && compression !== "lz4") return { path, compression };
  }
  const forms = index.forms.map(({ compression }) => compression);
  throw new RepositoryError("INDEX_UNREADABLE", `${index.name} exists only as ${forms.join(" and ")}`, {
    facts: { forms },
    hint: "mirrorctl reads plain, gz, xz, bz2 and zst.",
  });
}
