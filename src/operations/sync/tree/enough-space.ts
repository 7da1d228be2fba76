import {
  addSpace,
  type PlannedFiles,
  type Space,
  shortagesOf,
  spaceOfDirectories,
  type TreePlan,
  type WantedIndex,
} from "../../../plan/index.ts";
import { shortageText } from "../../../report/words/shortage.ts";
import { StoreError } from "../../../store/index.ts";
import type { SyncContext } from "../sync-context.ts";
import {
  type Metadata,
  missingForms,
  spaceForDirectories,
  spaceForFiles,
  spaceForSnapshot,
  spaceOfObjects,
  withOwn,
} from "./space-needed.ts";

type SpacePorts = Pick<SyncContext, "mirror" | "layout" | "freeSpace">;

/** Called before the indices of a suite are downloaded. */
export function assertSpaceForIndices(
  ports: SpacePorts & Pick<SyncContext, "objects">,
  indices: readonly WantedIndex[],
): void {
  const { objects, layout } = ports;
  assertSpace(ports, layout.dir, spaceOfObjects(layout, missingForms(objects, indices)));
}

/** Called before directories are made for packages: for those that are added to the tree, and all in the snapshot of it. */
export function assertSpaceForTree(
  ports: SpacePorts,
  plan: TreePlan,
  added: PlannedFiles,
  metadata: Metadata,
): void {
  const { inDir } = spaceForSnapshot(ports, plan, metadata);
  const directories =
    added === plan ? spaceOfDirectories(plan.countDirectories()) : spaceForDirectories(added);
  assertSpace(ports, ports.layout.dir, addSpace(directories, inDir));
}

/** Called before packages are downloaded: counts those that are missing, and the snapshot that the sync will make. */
export function assertSpaceForFiles(
  ports: SpacePorts,
  plan: TreePlan,
  missing: PlannedFiles,
  metadata: Metadata,
): void {
  const { layout, mirror } = ports;
  const snapshot = spaceForSnapshot(ports, plan, metadata);
  assertSpace(ports, layout.dir, addSpace(spaceForFiles(layout, missing), snapshot.inDir));
  assertSpace(ports, mirror.snapshot.path, snapshot.elsewhere);
}

function assertSpace({ mirror, freeSpace }: SpacePorts, path: string, needed: Space): void {
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
