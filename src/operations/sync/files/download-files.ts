import { ChosenFiles, type PlannedFile, type PlannedFiles } from "../../../plan/index.ts";
import { eachBounded } from "../../../platform/flow/map-bounded.ts";
import { pacedBatches } from "../../../platform/flow/paced.ts";
import { EarlyFlush } from "../../../platform/flushing/early-flush.ts";
import { tightenHeap } from "../../../platform/machine/heap.ts";
import { absenceText } from "../../../report/words/missing-files.ts";
import type { LackedFile, ObjectReader } from "../../../store/index.ts";
import type { BrokenFile } from "../broken-upstream.ts";
import type { SyncContext } from "../sync-context.ts";
import type { Downloaded, Downloads } from "./downloads.ts";
import type { Intake } from "./intake.ts";

/** Downloads beyond those that keep the connections busy: they wait for one, while others are checked and named. */
const waitingMax = 16;

/** From so many downloads on, memory counts more than the time of collecting it. */
const manyFiles = 1000;

/** A look at an object takes a few microseconds. */
const looksPerTurn = 500;

export interface DownloadedFiles {
  readonly files: number;
  readonly sizeBytes: number;
  readonly broken: readonly BrokenFile[];
}

/** Counts files as they are downloaded. */
export interface Tally {
  files: number;
  sizeBytes: number;
  readonly broken: BrokenFile[];
}

/** Puts into the tree each of these files whose bytes are held. Returns the others. */
export async function linkHeldFiles(
  intake: Pick<Intake, "linkHeld">,
  objects: Pick<ObjectReader, "mayHold">,
  files: PlannedFiles,
  signal: AbortSignal,
): Promise<PlannedFiles> {
  const missing = new ChosenFiles(files);
  const mayHold = objects.mayHold();
  for await (const batch of pacedBatches(files.files(), signal, looksPerTurn))
    for (const file of batch) {
      const { sha256 } = file.digests;
      // What another sync names from now on is found before the file would be downloaded.
      const held = (sha256 === undefined || mayHold(sha256)) && intake.linkHeld(file);
      // To wait for what is known takes as long as the look.
      missing.next(file, !(typeof held === "boolean" ? held : await held));
    }
  return missing;
}

interface Missing {
  readonly files: PlannedFiles;
  /** How many files of the plan were held. */
  readonly heldFiles: number;
  /** By path: what is not requested again. */
  readonly stillLacked: ReadonlyMap<string, BrokenFile>;
}

interface DownloadFilesPorts extends Pick<SyncContext, "emit" | "signal"> {
  readonly downloads: Pick<Downloads, "areUnderWay" | "download">;
  readonly upstream: Pick<SyncContext["upstream"], "directory" | "requestsAtOnce">;
}

/** Downloads the files that are not held into the tree, and reports the progress. */
export async function downloadFiles(
  { downloads, upstream, emit, signal }: DownloadFilesPorts,
  intake: Intake,
  { files, heldFiles, stillLacked }: Missing,
): Promise<DownloadedFiles> {
  const { directory: from } = upstream;
  const { count, sizeBytes: bytes } = files;
  if (count >= manyFiles) tightenHeap();
  emit({ type: "transfer-planned", files: count, sizeBytes: bytes, heldFiles, ...(from && { from }) });
  const tally: Tally = { files: 0, sizeBytes: 0, broken: [] };
  const each = (some: Iterable<PlannedFile>, apply: (file: PlannedFile) => Promise<void>) =>
    eachBounded(some, () => upstream.requestsAtOnce + waitingMax, apply);
  const flush = new EarlyFlush(intake.root, signal);
  const download = async (file: PlannedFile): Promise<void> => {
    const result = await downloadFile(downloads, intake, file, tally);
    const { path, sizeBytes = 0 } = file;
    if (result.kind === "downloaded") flush.wrote(sizeBytes);
    if (result.kind === "held") emit({ type: "file-linked", path, sizeBytes });
  };
  const underWay: PlannedFile[] = [];
  const notNow = Promise.resolve();
  try {
    await each(files.files(), (file) => {
      const still = stillLacked.get(file.path);
      if (still !== undefined) tally.broken.push(still);
      // Waiting comes last: what another mirror gets from a slow upstream must not hold up the rest.
      else if (downloads.areUnderWay(intake, file)) underWay.push(file);
      else return download(file);
      return notNow;
    });
    await each(underWay, download);
  } finally {
    await flush.end();
  }
  emit({ type: "transfer-ended" });
  return tally;
}

/**
 * Downloads one file into the tree, or counts it as broken. `known` is what upstream sent the last time, under the same
 * Release.
 */
export async function downloadFile(
  downloads: Pick<Downloads, "download">,
  intake: Intake,
  file: LackedFile["file"],
  tally: Tally,
  known?: LackedFile,
): Promise<Downloaded> {
  const result = await downloads.download(intake, file, [file.path], { known });
  if (result.kind === "downloaded") {
    tally.files++;
    tally.sizeBytes += result.sizeBytes;
  } else if (result.kind === "absent")
    tally.broken.push({ file, problem: `${file.path}: ${absenceText(result)}` });
  else if (result.kind === "refused") {
    const { error, sent = known?.sent } = result;
    tally.broken.push({ file, problem: error.message, sent, error });
  }
  return result;
}
