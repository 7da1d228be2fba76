import { posix } from "node:path";
import type { FilePlan, PlannedFile, WantedIndex } from "../../plan/index.ts";
import { statIfAny, statLinkIfAny } from "../../platform/files.ts";
import { formatBytes } from "../../report/units.ts";
import { parseSha256 } from "../../repository/index.ts";
import { StoreError } from "../../store/index.ts";
import { partialPath } from "./receive-file.ts";
import type { SyncContext } from "./sync-context.ts";

/** What a file or a directory takes at least, and in multiples of which: the block of ext4, xfs and btrfs. */
const blockBytes = 4096;

/** Before the indices of a suite come: those that are not held. */
export function assertSpaceForIndices(context: SyncContext, indices: readonly WantedIndex[]): void {
  const entries = indices.flatMap(({ compressed, plain }) =>
    compressed.length > 0 ? compressed.map(({ entry }) => entry) : plain === undefined ? [] : [plain],
  );
  const missing = entries.filter(
    ({ digests }) => digests.sha256 === undefined || !context.objects.has(parseSha256(digests.sha256)),
  );
  assertSpace(context, context.layout.dir, sumOfBlocks(missing));
}

/**
 * Before the packages come: those that are missing, but for what interrupted downloads have of them; and for the snapshot
 * that the sync is to make, its directories, or on another file system its copy of everything.
 */
export function assertSpaceForFiles(
  context: SyncContext,
  plan: FilePlan,
  missing: readonly PlannedFile[],
): void {
  const { layout, mirror } = context;
  const comingBytes = sumOfBlocks(missing) - sumOfPartials(context, missing);
  const isCopied = mirror.snapshotEachSync && isElsewhere(context);
  const isLinked = mirror.snapshotEachSync && !isCopied;
  assertSpace(context, layout.dir, comingBytes + (isLinked ? sumOfDirectories(plan) : 0));
  if (isCopied)
    assertSpace(context, mirror.snapshot.path, sumOfBlocks(plan.files()) + sumOfDirectories(plan));
}

/** Not known before the directory is there: then the copy itself looks for space. */
function isElsewhere({ layout, mirror }: SyncContext): boolean {
  const snapshots = statIfAny(mirror.snapshot.path);
  return snapshots !== undefined && snapshots.dev !== statIfAny(layout.dir)?.dev;
}

function sumOfBlocks(files: Iterable<{ readonly sizeBytes?: number | undefined }>): number {
  let sum = 0;
  for (const { sizeBytes = 0 } of files) sum += Math.ceil(sizeBytes / blockBytes) * blockBytes;
  return sum;
}

function sumOfDirectories(plan: FilePlan): number {
  const directories = new Set<string>();
  for (const { path } of plan.files()) directories.add(posix.dirname(path));
  return directories.size * blockBytes;
}

function sumOfPartials(context: SyncContext, files: readonly PlannedFile[]): number {
  const partials = new Set(files.map((file) => partialPath(context, file)));
  return partials.values().reduce((sum, path) => sum + (statLinkIfAny(path)?.size ?? 0), 0);
}

function assertSpace(context: SyncContext, path: string, neededBytes: number): void {
  const freeBytes = context.freeSpaceBytes(path);
  if (neededBytes <= freeBytes) return;
  throw new StoreError(
    "DISK_FULL",
    `${context.mirror.id} needs ${formatBytes(neededBytes)} more, and ${path} has ${formatBytes(freeBytes)} free`,
    {
      facts: { neededBytes, freeBytes },
      hint: 'Free some: "mirrorctl snapshot prune", fewer architectures or sections, or [mirrors.<id>.filters] keep_versions.',
    },
  );
}
