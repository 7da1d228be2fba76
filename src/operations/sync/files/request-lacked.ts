import { mapBounded } from "../../../platform/flow/map-bounded.ts";
import { draftTree } from "../../../snapshot/index.ts";
import type { LackedFile } from "../../../store/index.ts";
import type { Reused } from "../found/found-directories.ts";
import { FoundFiles } from "../found/found-files.ts";
import type { SyncContext } from "../sync-context.ts";
import { type DownloadedFiles, downloadFile, type Tally } from "./download-files.ts";
import { type StorePorts, storeIntake } from "./store-intake.ts";

/**
 * Requests again what the working mirror lacks (allow_missing), with one request for each file that does not lie on this disk. A draft holds what is
 * downloaded, so that it is not swept before the new generation links it.
 */
export async function requestLacked(
  ports: StorePorts & Pick<SyncContext, "downloads" | "upstream" | "now" | "signal" | "emit" | "found">,
  lacking: readonly LackedFile[],
): Promise<DownloadedFiles & { readonly reused: Reused | undefined }> {
  const { working, downloads, upstream, now } = ports;
  const { draft: path, generation } = working.next(now());
  const draft = draftTree(path, generation.path);
  const intake = storeIntake(ports, draft);
  const tally: Tally = { files: 0, sizeBytes: 0, broken: [] };
  let reused: Reused | undefined;
  try {
    const files = lacking.map(({ file }) => file);
    const found = ports.found && new FoundFiles({ ...ports, draft, intake }, ports.found);
    const taken = await found?.take(files);
    reused = taken?.reused;
    const stillLacked = new Set(taken?.missing ?? files);
    await mapBounded(
      lacking.filter(({ file }) => stillLacked.has(file)),
      () => upstream.requestsAtOnce,
      (known) => downloadFile(downloads, intake, known.file, tally, known),
    );
    return { ...tally, reused };
  } finally {
    if (tally.files === 0 && (reused?.files ?? 0) === 0) await draft.discard();
  }
}
