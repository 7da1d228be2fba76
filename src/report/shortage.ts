import type { Shortage } from "../plan/index.ts";
import { formatBytes } from "./units.ts";

/** How much more something needs at the path than there is: what follows the word "needs". */
export function shortageText(path: string, { what, needed, free }: Shortage): string {
  return what === "bytes"
    ? `${formatBytes(needed)} more, and ${path} has ${formatBytes(free)} free`
    : `${needed} more inodes, one for each file and each directory, and ${path} has ${free} free`;
}
