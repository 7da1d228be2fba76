import type { FilePlan, PlannedFile } from "../../../plan/index.ts";
import { mapBounded } from "../../../platform/map-bounded.ts";
import { paced } from "../../../platform/paced.ts";
import type { LackedFile } from "../../../store/index.ts";
import type { BrokenFile } from "../broken-upstream.ts";
import type { SyncContext } from "../sync-context.ts";
import type { Intake } from "./intake.ts";

export interface DownloadedFiles {
  readonly files: number;
  readonly sizeBytes: number;
  readonly broken: readonly BrokenFile[];
}

type DownloadContext = Pick<SyncContext, "downloads" | "emit" | "stillLacked" | "upstream">;

/** Counts files as they are downloaded. */
export interface Tally {
  files: number;
  sizeBytes: number;
  readonly broken: BrokenFile[];
}

/** Puts into the tree each planned file whose bytes are held. Returns the others. */
export async function linkHeldFiles(
  intake: Pick<Intake, "linkHeld">,
  plan: FilePlan,
  signal: AbortSignal,
): Promise<readonly PlannedFile[]> {
  const missing: PlannedFile[] = [];
  for await (const file of paced(plan.files(), signal))
    if (!(await intake.linkHeld(file))) missing.push(file);
  return missing;
}

/** Downloads files that are not held into the tree, and reports the progress. `heldFiles`: how many were held. */
export async function downloadFiles(
  context: DownloadContext,
  intake: Intake,
  missing: readonly PlannedFile[],
  heldFiles: number,
): Promise<DownloadedFiles> {
  const { emit, upstream } = context;
  const bytes = missing.reduce((sum, file) => sum + (file.sizeBytes ?? 0), 0);
  emit({ type: "transfer-planned", files: missing.length, sizeBytes: bytes, heldFiles });
  const tally: Tally = { files: 0, sizeBytes: 0, broken: [] };
  const requestsAtOnce = (): number => upstream.requestsAtOnce;
  await mapBounded(missing, requestsAtOnce, (file) => downloadFile(context, intake, file, tally));
  emit({ type: "transfer-ended" });
  return tally;
}

/**
 * Puts one file that is not held into the tree, or counts it as broken. `known` is what upstream sent the last time, under
 * the same Release.
 */
export async function downloadFile(
  context: Pick<DownloadContext, "downloads" | "stillLacked">,
  intake: Intake,
  file: LackedFile["file"],
  tally: Tally,
  known?: LackedFile,
): Promise<void> {
  const still = context.stillLacked.get(file.path);
  if (still !== undefined) {
    tally.broken.push(still);
    return;
  }
  const result = await context.downloads.download(intake, file, [file.path], { known });
  if (result.kind === "downloaded") {
    tally.files++;
    tally.sizeBytes += result.sizeBytes;
  } else if (result.kind === "absent")
    tally.broken.push({ file, problem: `${file.path}: ${result.status} at ${result.url}` });
  else if (result.kind === "refused") {
    const { error, sent = known?.sent } = result;
    tally.broken.push({ file, problem: error.message, sent, error });
  }
}
