import { hasCode } from "../errors.ts";
import { copyWithTimes, linkFile, syncPath } from "../platform/files.ts";
import { lacksHardLinks } from "../platform/hard-links.ts";

/**
 * EXDEV: the trees are on different file systems. EMLINK: the file has all the names that it may have. Snapshots may be
 * on a file system without hard links.
 */
export function linkOrCopyDurably(source: string, target: string): void {
  try {
    linkFile(source, target);
  } catch (error) {
    if (!hasCode(error, "EXDEV", "EMLINK") && !lacksHardLinks(error)) throw error;
    copyWithTimes(source, target);
    syncPath(target); // what is linked stands on the disk already
  }
}
