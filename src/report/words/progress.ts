import type { ProgressReport } from "../json/progress-lines.ts";
import { countOf, formatBytes } from "../units.ts";

const doneWords = { download: "downloaded", reading: "read" } as const;

/** Returns `noble: downloaded 120 of 310 files (1.2 GB of 3.1 GB)`. */
export function progressText({ mirror, kind, ...counts }: ProgressReport): string {
  const { filesDone, files, bytesDone, sizeBytes } = counts;
  const bytes = `${formatBytes(bytesDone)} of ${formatBytes(sizeBytes)}`;
  return `${mirror}: ${doneWords[kind]} ${filesDone} of ${countOf(files, "file")} (${bytes})`;
}
