import type { FilePlan, PlannedFile } from "../../../plan/index.ts";
import { mapBounded } from "../../../platform/map-bounded.ts";
import { pauseNow } from "../../../platform/pause.ts";
import type { TreeDraft } from "../../../snapshot/index.ts";
import type { LackedFile } from "../../../store/index.ts";
import { TrustError } from "../../../trust/index.ts";
import { assertSpaceForFiles } from "../enough-space.ts";
import type { BrokenFile } from "../release/broken-upstream.ts";
import type { Metadata } from "../space-needed.ts";
import type { SyncContext } from "../sync-context.ts";
import { bringListed } from "./bring-file.ts";
import type { Intake } from "./intake.ts";
import { linkHeld } from "./link-held.ts";
import { storeIntake } from "./store-intake.ts";

export interface FetchedFiles {
  readonly files: number;
  readonly sizeBytes: number;
  readonly broken: readonly BrokenFile[];
}

/** Grows as files come. */
export interface Tally {
  files: number;
  sizeBytes: number;
  readonly broken: BrokenFile[];
}

/** Stands every planned file in the tree: those that are held by a link alone, the others by fetching them. */
export async function fetchFiles(
  context: SyncContext,
  plan: FilePlan,
  metadata: Metadata,
  draft: TreeDraft,
): Promise<FetchedFiles> {
  const missing = await linkAllHeld(context, plan, draft);
  await context.working.removeOthers(draft.root); // what the trees of interrupted runs held, this one holds
  const sizeBytes = missing.reduce((sum, file) => sum + (file.sizeBytes ?? 0), 0);
  assertSpaceForFiles(context, plan, missing, metadata);
  context.emit({
    type: "transfer-planned",
    files: missing.length,
    sizeBytes,
    heldFiles: plan.count - missing.length,
  });
  const intake = storeIntake(context, draft);
  const tally: Tally = { files: 0, sizeBytes: 0, broken: [] };
  await mapBounded(
    missing,
    () => context.upstream.requestsAtOnce,
    (file) => fetchFile(context, intake, file, tally),
  );
  context.emit({ type: "transfer-ended" });
  return tally;
}

const linksBetweenPauses = 500;

/** Answers what is not held. A draft that fails here is not needed: earlier ones are there still. */
async function linkAllHeld(context: SyncContext, plan: FilePlan, draft: TreeDraft): Promise<PlannedFile[]> {
  try {
    return await linkEach(context, plan, draft);
  } catch (error) {
    if (!context.signal.aborted) await draft.discard();
    throw error;
  }
}

async function linkEach(context: SyncContext, plan: FilePlan, draft: TreeDraft): Promise<PlannedFile[]> {
  const missing: PlannedFile[] = [];
  let links = 0;
  for (const file of plan.files()) {
    if (!(await linkHeld(context, draft, file))) missing.push(file);
    if (++links % linksBetweenPauses === 0) await pauseNow();
    context.signal.throwIfAborted();
  }
  return missing;
}

/**
 * Puts one file that is not held into the tree, or counts it among what is broken. `known`: what was found when it was
 * last asked for under the same Release.
 */
export async function fetchFile(
  context: SyncContext,
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
  try {
    const brought = await bringListed(context, intake, file, [file.path], { known });
    if (brought.kind === "absent")
      tally.broken.push({ file, problem: `${file.path}: ${brought.status} at ${brought.url}` });
    if (brought.kind !== "fetched") return;
    tally.files++;
    tally.sizeBytes += brought.sizeBytes;
  } catch (error) {
    // What is broken upstream may be right in a newer Release; the others are fetched meanwhile.
    if (!(error instanceof TrustError)) throw error;
    const sent = context.sent.get(file.path) ?? known?.sent;
    tally.broken.push({ file, problem: error.message, sent, error });
  }
}
