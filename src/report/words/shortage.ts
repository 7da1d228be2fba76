import type { FreeSpace, Shortage } from "../../plan/index.ts";
import { countOf, formatBytes } from "../units.ts";

/** Bytes, and inodes where they are counted. */
export const spaceText = ({ bytes, inodes }: FreeSpace): string =>
  inodes === undefined ? formatBytes(bytes) : `${formatBytes(bytes)} and ${countOf(inodes, "inode")}`;

/** How much more something needs at the path than there is: what follows the word "needs". */
export function shortageText(path: string, { what, needed, free }: Shortage): string {
  return what === "bytes"
    ? `${formatBytes(needed)} more, and ${path} has ${formatBytes(free)} free`
    : `${needed} more inodes, one for each file and each directory, and ${path} has ${free} free`;
}
