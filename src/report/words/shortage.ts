import type { FreeSpace, Shortage } from "../../plan/index.ts";
import { countOf, formatBytes } from "../units.ts";

/** Returns bytes, and inodes if the file system counts them. */
export const spaceText = ({ bytes, inodes }: FreeSpace): string =>
  inodes === undefined ? formatBytes(bytes) : `${formatBytes(bytes)} and ${countOf(inodes, "inode")}`;

/** Returns what follows the word "needs": how much more, and how much is free. */
export function shortageText(path: string, { what, needed, free }: Shortage): string {
  return what === "bytes"
    ? `${formatBytes(needed)} more, and ${path} has ${formatBytes(free)} free`
    : `${needed} more inodes, one for each file and each directory, and ${path} has ${free} free`;
}
