import { hasCode } from "../../errors.ts";
import { copyWithTimes, linkFile, syncPath } from "../../platform/files.ts";
import { lacksHardLinks } from "../../platform/hard-links.ts";

/**
 * Links a file, or copies and flushes it: on another file system (EXDEV), on one without hard links, or if the file has as
 * many names as it may have (EMLINK).
 */
export function linkOrCopyDurably(source: string, target: string): void {
  try {
    linkFile(source, target);
  } catch (error) {
    if (!hasCode(error, "EXDEV", "EMLINK") && !lacksHardLinks(error)) throw error;
    copyWithTimes(source, target);
    syncPath(target); // a linked file is on the disk already
  }
}
