import { mapBounded } from "../../../platform/map-bounded.ts";
import { draftTree } from "../../../snapshot/index.ts";
import type { LackedFile } from "../../../store/index.ts";
import { type DownloadedFiles, downloadFile, type Tally } from "../files/download-files.ts";
import { storeIntake } from "../files/store-intake.ts";
import type { SyncContext } from "../sync-context.ts";

/**
 * Asks for what the tree that is shown lacks (allow_missing), with one request for each file. What comes waits in a draft
 * for the tree that is then made: until that holds it, the draft keeps it from being swept.
 */
export async function askAgain(
  context: SyncContext,
  lacking: readonly LackedFile[],
): Promise<DownloadedFiles> {
  const { draft: path, generation } = context.working.next(context.now());
  const draft = draftTree(path, generation.path);
  const intake = storeIntake(context, draft);
  const tally: Tally = { files: 0, sizeBytes: 0, broken: [] };
  try {
    await mapBounded(
      lacking,
      () => context.upstream.requestsAtOnce,
      (known) => downloadFile(context, intake, known.file, tally, known),
    );
    return tally;
  } finally {
    if (tally.files === 0) await draft.discard();
  }
}
