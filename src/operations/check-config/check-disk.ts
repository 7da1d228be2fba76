import type { Problem } from "../../config/index.ts";
import { canHaveHardLinks } from "../../platform/hard-links.ts";
import { ifAllowed } from "../../platform/look.ts";
import { freeSpace } from "../../platform/space.ts";
import type { ConfigRemark } from "../../report/words/config-remarks.ts";

export interface DiskFindings {
  readonly problems: readonly Problem[];
  readonly remarks: readonly ConfigRemark[];
}

/** Three snapshots of a large archive need more. */
const fewInodes = 100_000;

/**
 * Checks whether the file system of `dir` can hold mirrors. If its type does not tell whether it has hard links, and
 * `mayWrite` is set, makes two names in `dir` and removes them; writes nothing else.
 */
export function checkDisk(dir: string, mayWrite: boolean): DiskFindings {
  const free = ifAllowed(() => freeSpace(dir));
  const faults = [
    ...(ifAllowed(() => canHaveHardLinks(dir, mayWrite)) === false ? [withoutLinks(dir)] : []),
    ...(free?.bytes === 0 ? [`the file system of ${dir} is full`] : []),
    ...(free?.inodes === 0 ? [`the file system of ${dir} has no inodes left`] : []),
  ];
  const inodes = free?.inodes ?? Number.POSITIVE_INFINITY;
  return {
    problems: faults.map((fault) => ({ kind: "bad-value", path: ["dir"], fault })),
    remarks: inodes > 0 && inodes < fewInodes ? [{ kind: "few-inodes", dir, inodes }] : [],
  };
}

const withoutLinks = (dir: string): string =>
  `the file system of ${dir} has no hard links, expected one that has them, such as ext4, xfs, btrfs or zfs`;
