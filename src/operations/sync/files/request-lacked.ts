import { mapBounded } from "../../../platform/map-bounded.ts";
import { draftTree } from "../../../snapshot/index.ts";
import type { LackedFile } from "../../../store/index.ts";
import type { SyncContext } from "../sync-context.ts";
import { type DownloadedFiles, downloadFile, type Tally } from "./download-files.ts";
import { type StorePorts, storeIntake } from "./store-intake.ts";

/**
 * Requests again what the working mirror lacks (allow_missing), with one request for each file. A draft holds what is
 * downloaded, so that it is not swept before the new generation links it.
 */
export async function requestLacked(
  ports: StorePorts & Pick<SyncContext, "downloads" | "upstream" | "now">,
  lacking: readonly LackedFile[],
): Promise<DownloadedFiles> {
  const { working, downloads, upstream, now } = ports;
  const { draft: path, generation } = working.next(now());
  const draft = draftTree(path, generation.path);
  const intake = storeIntake(ports, draft);
  const tally: Tally = { files: 0, sizeBytes: 0, broken: [] };
  try {
    await mapBounded(
      lacking,
      () => upstream.requestsAtOnce,
      (known) => downloadFile(downloads, intake, known.file, tally, known),
    );
    return tally;
  } finally {
    if (tally.files === 0) await draft.discard();
  }
}
