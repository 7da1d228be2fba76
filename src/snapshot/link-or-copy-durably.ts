import { hasCode } from "../errors.ts";
import { copyWithTimes, linkFile, syncPath } from "../platform/files.ts";

/** EXDEV: the trees stand on different file systems. EMLINK: the file has all the names that it may have. */
export function linkOrCopyDurably(source: string, target: string): void {
  try {
    linkFile(source, target);
  } catch (error) {
    if (!hasCode(error, "EXDEV", "EMLINK")) throw error;
    copyWithTimes(source, target);
    syncPath(target); // what is linked stands on the disk already
  }
}
