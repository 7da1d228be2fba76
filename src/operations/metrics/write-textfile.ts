import { basename, dirname, join } from "node:path";
import { movePath, removeFile, writeSmallFile } from "../../platform/files.ts";

/**
 * Replaces the file in one step: a collector reads the old metrics or the new ones. It reads every name that ends in ".prom",
 * so the temporary name does not. Other runs may write at the same time.
 */
export function writeTextfile(path: string, text: string, pid: number): void {
  const temporary = join(dirname(path), `.${basename(path)}.${pid}.next`);
  try {
    writeSmallFile(temporary, text, 0o644);
    movePath(temporary, path);
  } catch (error) {
    removeFile(temporary);
    throw error;
  }
}
