import { hasCode } from "../../../errors.ts";
import { objectPath } from "../../../layout.ts";
import { inodeIfAny, readChunks, statLinkIfAny } from "../../../platform/files.ts";
import { type ListedFile, parseSha256 } from "../../../repository/index.ts";
import { PartialFile } from "../../../store/index.ts";
import { TrustError } from "../../../trust/index.ts";
import { admit } from "../../sync/files/admit-body.ts";
import type { Absent, Brought } from "../../sync/files/bring-file.ts";
import type { Intake } from "../../sync/files/intake.ts";
import { partialPath } from "../../sync/files/partial-name.ts";
import type { SyncContext } from "../../sync/index.ts";
import type { InodeDigests } from "../checks/inode-digests.ts";
import type { BrokenFile, HealthySource } from "./broken-file.ts";
import type { Survey } from "./survey-trees.ts";

/** Stands a file in the draft as a download does, which asks upstream. */
export type Fetch = (intake: Intake, broken: BrokenFile) => Promise<Brought>;

/**
 * Stands a file with the right bytes in the draft: from the store, from any tree, or else from upstream, checked in each
 * case against what is listed. It is an object afterwards. Throws what a download throws.
 */
export async function bringHealthy(
  sync: SyncContext,
  digests: InodeDigests,
  intake: Intake,
  broken: BrokenFile,
  survey: Survey,
  fetch: Fetch,
): Promise<HealthySource | Absent> {
  const { file, found } = broken;
  await disownWrong(sync, digests, file);
  if (await intake.linkHeld(file)) return "store";
  if (found !== undefined && (await takeIn(sync, intake, file, [found.bytes], found.modifiedAt)))
    return found.from;
  for (const candidate of survey.candidatesFor(broken)) {
    const inode = inodeIfAny(candidate);
    if (inode === undefined || (await digests.problemOf(candidate, inode, file)) !== undefined) continue;
    const modifiedAt = statLinkIfAny(candidate)?.mtime ?? sync.now();
    if (await takeIn(sync, intake, file, readChunks(candidate), modifiedAt)) return "tree";
  }
  const brought = await fetch(intake, broken);
  return brought.kind === "absent" ? brought : "upstream";
}

/** A sync believes the store's names; here it is known that disks do not keep everything. */
async function disownWrong(
  { objects, layout }: SyncContext,
  digests: InodeDigests,
  file: ListedFile,
): Promise<void> {
  if (file.digests.sha256 === undefined) return;
  const sha256 = parseSha256(file.digests.sha256);
  const object = objectPath(layout.objects, sha256);
  const inode = inodeIfAny(object);
  if (inode !== undefined && (await digests.problemOf(object, inode, file)) !== undefined)
    objects.disown(sha256);
}

/** A copy, hashed as it is made. False where it is not what is listed. */
async function takeIn(
  sync: SyncContext,
  intake: Intake,
  file: ListedFile,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  modifiedAt: Date,
): Promise<boolean> {
  const partial = await PartialFile.open(partialPath(intake, file), file.digests);
  try {
    partial.begin(0, {});
    for await (const chunk of chunks) {
      sync.signal.throwIfAborted();
      partial.write(chunk);
    }
    admit(intake, file, partial.finish(modifiedAt));
    return true;
  } catch (error) {
    partial.discard();
    if (!(error instanceof TrustError) && !hasCode(error, "EIO", "ENOENT")) throw error;
    return false;
  }
}
