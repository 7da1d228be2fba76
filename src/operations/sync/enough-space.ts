import {
  addSpace,
  type FilePlan,
  type PlannedFile,
  type Space,
  shortagesOf,
  type WantedIndex,
} from "../../plan/index.ts";
import { shortageText } from "../../report/words/shortage.ts";
import { StoreError } from "../../store/index.ts";
import {
  type Metadata,
  missingForms,
  spaceForDirectories,
  spaceForFiles,
  spaceForSnapshot,
  spaceOfObjects,
  withOwn,
} from "./space-needed.ts";
import type { SyncContext } from "./sync-context.ts";

/** Before the indices of a suite are downloaded. */
export function assertSpaceForIndices(context: SyncContext, indices: readonly WantedIndex[]): void {
  const { objects, layout } = context;
  assertSpace(context, layout.dir, spaceOfObjects(layout, missingForms(objects, indices)));
}

/** Before a tree that has its metadata gets the directories of its packages, and a snapshot the same. */
export function assertSpaceForTree(context: SyncContext, plan: FilePlan, metadata: Metadata): void {
  const { inDir } = spaceForSnapshot(context, plan, metadata);
  assertSpace(context, context.layout.dir, addSpace(spaceForDirectories(plan), inDir));
}

/** Before packages are downloaded: for those that are missing, and for the snapshot that the sync is to make. */
export function assertSpaceForFiles(
  context: SyncContext,
  plan: FilePlan,
  missing: readonly PlannedFile[],
  metadata: Metadata,
): void {
  const { layout, mirror } = context;
  const snapshot = spaceForSnapshot(context, plan, metadata);
  assertSpace(context, layout.dir, addSpace(spaceForFiles(layout, missing), snapshot.inDir));
  assertSpace(context, mirror.snapshot.path, snapshot.elsewhere);
}

function assertSpace({ mirror, freeSpace }: SyncContext, path: string, needed: Space): void {
  const [shortage] = shortagesOf(withOwn(needed), freeSpace(path));
  if (shortage === undefined) return;
  throw new StoreError("DISK_FULL", `${mirror.id} needs ${shortageText(path, shortage)}`, {
    facts: { path, ...shortage },
    hint: hints[shortage.what],
  });
}

const waysToFree = "fewer architectures or sections, or [mirrors.<id>.filters] keep_versions.";
const hints = {
  bytes: `Free some: "mirrorctl snapshot prune", ${waysToFree}`,
  inodes: `Free some: each snapshot takes one for each directory, so "mirrorctl snapshot prune" helps most; ${waysToFree} ext4 gets its number of inodes when it is made (mkfs.ext4 -N); xfs and btrfs make more as they are needed.`,
} as const;
