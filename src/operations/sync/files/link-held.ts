import { join } from "node:path";
import { linkFile, readChunks, removeFile, statLinkIfAny } from "../../../platform/files.ts";
import { RunningDigests } from "../../../platform/running-digests.ts";
import { type ListedFile, parseSha256 } from "../../../repository/index.ts";
import type { TreeDraft } from "../../../snapshot/index.ts";
import type { ReceivedFile } from "../../../store/index.ts";
import { checkDigests, TrustError } from "../../../trust/index.ts";
import type { SyncContext } from "../sync-context.ts";

/** Stands a listed file in the tree if its bytes are held already, without a request; false where they are not. */
export type LinkHeld = (context: SyncContext, draft: TreeDraft, file: ListedFile) => Promise<boolean>;

/** For packages, of which there are a hundred thousand: those whose name as an object decides are not read. */
export const linkHeld: LinkHeld = async (context, draft, file) =>
  isDecidedByName(file) || file.digests.sha256 === undefined
    ? linkUnread(context, draft, file)
    : linkHeldRechecked(context, draft, file);

/** True where SHA-256 alone decides, which is the name of an object. */
export function isDecidedByName({ digests }: ListedFile): boolean {
  const { sha256, ...others } = digests;
  return sha256 !== undefined && Object.keys(others).length === 0;
}

/**
 * For indices, whose bytes decide what else comes: they are hashed again. What the disk has changed is brought anew, and
 * a digest that is listed wrongly today beside the right SHA-256 fails as it does where nothing is held.
 */
export const linkHeldRechecked: LinkHeld = async (context, draft, file) => {
  if (!(await linkUnread(context, draft, file))) return false;
  const target = draft.place(file.path);
  const found = await hashFile(target, file);
  if (isAsListed(found, file)) return true;
  removeFile(target);
  const { sha256 } = file.digests;
  if (sha256 !== undefined && sha256 !== found.digests.sha256) context.objects.disown(parseSha256(sha256));
  return false;
};

const linkUnread: LinkHeld = async (context, draft, file) => {
  const { sha256 } = file.digests;
  if (sha256 === undefined) return linkFromWorkingMirror(context, draft, file);
  return context.objects.linkTo(parseSha256(sha256), draft.place(file.path), file.sizeBytes);
};

/**
 * A file that is listed without SHA-256 has no known name as an object. The working mirror may have it at the same
 * path; its bytes are read and compared with what is listed now.
 */
const linkFromWorkingMirror: LinkHeld = async (context, draft, file) => {
  const generation = context.working.current();
  if (generation === undefined) return false;
  const held = join(generation.path, file.path);
  const stats = statLinkIfAny(held);
  if (stats === undefined || !stats.isFile() || stats.size !== file.sizeBytes) return false;
  if (!isAsListed(await hashFile(held, file), file)) return false;
  linkFile(held, draft.place(file.path));
  return true;
};

type HashedFile = Omit<ReceivedFile, "path">;

export async function hashFile(path: string, { digests }: ListedFile): Promise<HashedFile> {
  const running = new RunningDigests(digests);
  for await (const chunk of readChunks(path)) running.update(chunk);
  const { sizeBytes } = running;
  return { sizeBytes, digests: running.finish() };
}

export function isAsListed({ sizeBytes, digests }: HashedFile, file: ListedFile): boolean {
  try {
    checkDigests(digests, sizeBytes, { ...file, sizeBytes: file.sizeBytes ?? sizeBytes });
    return true;
  } catch (error) {
    if (error instanceof TrustError) return false;
    throw error;
  }
}
