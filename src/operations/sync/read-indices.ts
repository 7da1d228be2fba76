import { join } from "node:path";
import { FilePlan, filterPackages, filtersPackages } from "../../plan/index.ts";
import { type Compression, decompressFile } from "../../platform/decompress.ts";
import { RunningDigests } from "../../platform/running-digests.ts";
import {
  type BinaryPackage,
  type ListedFile,
  PackagesReader,
  RepositoryError,
  type RepositoryPath,
  type SourcePackage,
  SourcesReader,
} from "../../repository/index.ts";
import type { TreeDraft } from "../../snapshot/index.ts";
import { checkDigests } from "../../trust/index.ts";
import type { BroughtIndex } from "./fetch-indices.ts";
import type { SyncContext } from "./sync-context.ts";

type ListedPackage = BinaryPackage | SourcePackage;

/** For an index whose uncompressed form is not listed, so that nothing signed bounds it. */
const unlistedBytesMax = 4 * 2 ** 30;

/** The files that all Packages and Sources in the tree name, filters applied. */
export async function readIndices(
  context: SyncContext,
  indices: readonly BroughtIndex[],
  draft: TreeDraft,
): Promise<FilePlan> {
  const plan = new FilePlan();
  const { filters } = context.mirror;
  const gathered: { item: ListedPackage; source: string }[] = [];
  for (const index of indices) {
    for await (const items of readPackagesOf(context, index, draft)) {
      for (const item of items) {
        // Filters choose among the packages of all indices; without them nothing needs to be gathered first.
        if (filtersPackages(filters)) gathered.push({ item, source: index.name });
        else addFiles(plan, item, index.name);
      }
    }
  }
  const kept = new Set(
    filterPackages(
      gathered.map(({ item }) => item),
      filters,
    ),
  );
  for (const { item, source } of gathered) if (kept.has(item)) addFiles(plan, item, source);
  if (kept.size < gathered.length) {
    const left = gathered.length - kept.size;
    context.emit({
      type: "detail",
      message: `${left} packages are left out by filters; clients that ask for one get 404`,
    });
  }
  return plan;
}

function addFiles(plan: FilePlan, item: ListedPackage, source: string): void {
  const files: readonly ListedFile[] = "file" in item ? [item.file] : item.files;
  for (const file of files) plan.add(file, source);
}

async function* readPackagesOf(
  context: SyncContext,
  index: BroughtIndex,
  draft: TreeDraft,
): AsyncGenerator<readonly ListedPackage[]> {
  const { kind } = index.wanted;
  if (kind !== "packages" && kind !== "sources") return;
  const options = { allowWeak: context.mirror.allow.weak };
  const reader =
    kind === "packages" ? new PackagesReader(index.name, options) : new SourcesReader(index.name, options);
  for await (const chunk of readChecked(context, index, draft)) yield reader.push(chunk);
  yield reader.end();
}

/**
 * The decompressed bytes of an index. Their own size and digests are listed too and are checked as apt does, so that
 * what was read here is what any client reads, whichever form it takes; the listed size bounds the decompression.
 */
async function* readChecked(
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
