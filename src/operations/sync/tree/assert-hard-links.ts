import { dirname, join } from "node:path";
import { makeDirectory } from "../../../platform/files.ts";
import { type LinkTrial, tryHardLink } from "../../../platform/hard-links.ts";
import { statLinkIfAny } from "../../../platform/look.ts";
import { walkOwnPaths } from "../../../snapshot/index.ts";
import { StoreError } from "../../../store/index.ts";
import type { MirrorContext } from "../../context.ts";

/**
 * Throws if the file system has no hard links, before anything is downloaded: every file has a name in the store and names in
 * trees. A tree whose files have several names proves that links work. Otherwise one is tried, from partials to objects and
 * trees.
 */
export function assertHardLinks(context: Pick<MirrorContext, "layout" | "working">): void {
  if (isMadeOfLinks(context.working.current()?.path)) return;
  const { id, own, partial, objects, trees } = context.layout;
  makeDirectory(partial, 0o700);
  for (const directory of [dirname(objects), trees]) {
    makeDirectory(directory);
    const trial = tryHardLink(partial, directory, `.probe.${id}`);
    if (trial !== "works") throw noHardLinks(own, directory, trial);
  }
}

function isMadeOfLinks(tree: string | undefined): boolean {
  if (tree === undefined) return false;
  const [first] = walkOwnPaths(tree);
  return first !== undefined && (statLinkIfAny(join(tree, first))?.nlink ?? 1) > 1;
}

function noHardLinks(own: string, directory: string, trial: Exclude<LinkTrial, "works">): StoreError {
  return trial === "unsupported"
    ? new StoreError("NO_HARD_LINKS", `the file system of ${directory} has no hard links`, {
        facts: { directory },
        hint: noHardLinksHint,
      })
    : new StoreError("NO_HARD_LINKS", `${directory} is on another file system than the rest of ${own}`, {
        facts: { directory },
        hint: `Hard links cannot lead from one file system to another: mount one for all of \`dir\`, not for a part of it.`,
      });
}

/** `snapshot.path` needs no hard links: files are copied to another file system. */
const noHardLinksHint =
  "mirrorctl keeps each file once and links it into trees: put `dir` on ext4, xfs, btrfs, zfs or another file system that has them, not on vfat, exfat or a share without them.";
