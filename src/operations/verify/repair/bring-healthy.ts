import { objectPath } from "../../../layout.ts";
import { inodeIfAny, readChunks, statLinkIfAny } from "../../../platform/files.ts";
import { type ListedFile, parseSha256 } from "../../../repository/index.ts";
import type { MirrorContext } from "../../context.ts";
import type { Absent, Downloaded } from "../../sync/index.ts";
import type { InodeDigests } from "../checks/inode-digests.ts";
import type { BrokenFile, HealthySource } from "./broken-file.ts";
import type { Repair } from "./repair.ts";
import type { Survey } from "./survey-trees.ts";

/** Downloads a file into a directory. */
export type Fetch = (broken: BrokenFile, directory: string) => Promise<Downloaded>;

/**
 * Puts a file with the right bytes below the directory: from the store, from any tree, or else from upstream, checked in each
 * case against what is listed. It is an object afterwards. Throws what a download throws.
 */
export async function bringHealthy(
  { source, verification }: Repair,
  directory: string,
  broken: BrokenFile,
  survey: Survey,
  fetch: Fetch,
): Promise<HealthySource | Absent> {
  const { file, found } = broken;
  const { digests, context } = verification;
  await disownWrong(context, digests, file);
  if (await source.link(file, directory)) return "store";
  if (found !== undefined && (await source.copy(file, directory, [found.bytes], found.modifiedAt)))
    return found.from;
  for (const candidate of survey.candidatesFor(broken)) {
    const inode = inodeIfAny(candidate);
    if (inode === undefined || (await digests.problemOf(candidate, inode, file)) !== undefined) continue;
    const modifiedAt = statLinkIfAny(candidate)?.mtime ?? context.now();
    if (await source.copy(file, directory, readChunks(candidate), modifiedAt)) return "tree";
  }
  const result = await fetch(broken, directory);
  if (result.kind === "refused") throw result.error;
  return result.kind === "absent" ? result : "upstream";
}

/** A sync believes the store's names; here it is known that disks do not keep everything. */
async function disownWrong(
  { objects, layout }: MirrorContext,
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
