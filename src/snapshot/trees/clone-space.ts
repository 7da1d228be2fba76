import { join } from "node:path";
import {
  addSpace,
  countDirectoriesOf,
  noSpace,
  type Space,
  shortagesOf,
  spaceOfDirectories,
  spaceOfFiles,
} from "../../plan/index.ts";
import { paced } from "../../platform/flow/paced.ts";
import { statLinkIfAny } from "../../platform/look.ts";
import { freeSpace } from "../../platform/space.ts";
import { formatBytes } from "../../report/units.ts";
import { SnapshotError } from "../errors.ts";

export type CloneMethod = "linked" | "copied";

/** Throws SnapshotError SNAPSHOT_NO_SPACE if there is no room below `parent` for a clone of these files of `source`. */
export async function assertSpaceForClone(
  source: string,
  paths: readonly string[],
  parent: string,
  how: CloneMethod,
  signal: AbortSignal,
): Promise<void> {
  const directories = spaceOfDirectories(countDirectoriesOf(paths) + 1);
  const copies = how === "linked" ? noSpace : await spaceOfCopies(source, paths, signal);
  const [shortage] = shortagesOf(addSpace(directories, copies), freeSpace(parent));
  if (shortage === undefined) return;
  const { what, needed, free } = shortage;
  const message =
    what === "bytes"
      ? `a snapshot needs ${formatBytes(needed)}, and ${parent} has ${formatBytes(free)} free`
      : `a snapshot needs ${needed} inodes, and ${parent} has ${free} free`;
  throw new SnapshotError("SNAPSHOT_NO_SPACE", message, {
    facts: { what, needed, free },
    hint: how === "linked" ? linkedHint : copiedHint,
  });
}

const linkedHint =
  'Its files are links, but each of its directories takes space. Free some, for example with "mirrorctl snapshot prune".';
const copiedHint =
  "Its files are copied, as it is on another file system than dir. Put snapshot.path beside dir, or free space.";

async function spaceOfCopies(source: string, paths: readonly string[], signal: AbortSignal): Promise<Space> {
  const sizes = new Map<number, number>();
  for await (const path of paced(paths, signal)) {
    const stats = statLinkIfAny(join(source, path));
    if (stats !== undefined) sizes.set(stats.ino, stats.size);
  }
  return spaceOfFiles(sizes.values().map((sizeBytes) => ({ sizeBytes })));
}
