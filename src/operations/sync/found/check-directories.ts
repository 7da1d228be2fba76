import { sep } from "node:path";
import { ConfigError } from "../../../config/index.ts";
import { whyUnreadable } from "../../../errors.ts";
import { listDirectory, realPathIfAny, statIfAny } from "../../../platform/look.ts";
import type { Ports } from "../../context.ts";

/**
 * Throws FILES_UNUSABLE, before anything is done, for a directory of --files that is none, cannot be read, or is mirrorctl's
 * own.
 */
export function checkDirectories(
  directories: readonly string[],
  mirrors: readonly Ports<"layout" | "mirror">[],
): void {
  const own = mirrors.flatMap(({ layout, mirror }) => [layout.dir, mirror.snapshot.path]);
  for (const directory of directories) {
    const reason = whyUnusable(directory, own);
    if (reason === undefined) continue;
    throw new ConfigError("FILES_UNUSABLE", `--files ${directory}: ${reason}`, {
      facts: { directory },
      hint: "Name directories that this user may read, such as that of another mirror tool. Names of mirrors come before --files.",
    });
  }
}

function whyUnusable(directory: string, own: readonly string[]): string | undefined {
  try {
    const stats = statIfAny(directory);
    if (stats === undefined) return "there is no such directory";
    if (!stats.isDirectory()) return "it is not a directory";
    const real = realPathIfAny(directory) ?? directory;
    const ownDirectory = own.find((path) => isWithin(real, realPathIfAny(path) ?? path));
    if (ownDirectory !== undefined)
      return `it is in ${ownDirectory}, whose files mirrorctl uses without being asked`;
    listDirectory(directory);
    return undefined;
  } catch (error) {
    const reason = whyUnreadable(error);
    if (reason === undefined) throw error;
    return reason;
  }
}

const isWithin = (path: string, directory: string): boolean =>
  `${path}${sep}`.startsWith(directory.endsWith(sep) ? directory : directory + sep);
