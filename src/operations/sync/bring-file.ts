import { join } from "node:path";
import { linkFile, readChunks, statLinkIfAny } from "../../platform/files.ts";
import { digestsOf, RunningDigests } from "../../platform/running-digests.ts";
import { encodePath, type ListedFile, parseSha256, type RepositoryPath } from "../../repository/index.ts";
import type { TreeDraft } from "../../snapshot/index.ts";
import { PartialFile, type ReceivedFile } from "../../store/index.ts";
import { checkDigests, TrustError } from "../../trust/index.ts";
import type { BodySink } from "../../upstream/index.ts";
import type { SyncContext } from "./sync-context.ts";

/** A listed file stands in the tree, or upstream does not have it (with the status that said so). */
export type Brought =
  | { readonly kind: "held" }
  | { readonly kind: "fetched" }
  | { readonly kind: "absent"; readonly status: number; readonly url: string };

/** Stands a listed file in the tree if its bytes are held already; no request, and no look but the link itself. */
export async function linkHeld(context: SyncContext, draft: TreeDraft, file: ListedFile): Promise<boolean> {
  const { sha256 } = file.digests;
  if (sha256 !== undefined) return context.objects.linkTo(parseSha256(sha256), draft.place(file.path));
  return linkFromWorkingMirror(context, draft, file);
}

/**
 * A file that is listed without SHA-256 has no known name as an object. The working mirror may have it at the same
 * path; its bytes are read and compared with what is listed now.
 */
async function linkFromWorkingMirror(
  context: SyncContext,
  draft: TreeDraft,
  file: ListedFile,
): Promise<boolean> {
  const generation = context.working.current();
  if (generation === undefined) return false;
  const held = join(generation.path, file.path);
  const stats = statLinkIfAny(held);
  if (stats === undefined || !stats.isFile() || stats.size !== file.sizeBytes) return false;
  const running = new RunningDigests(file.digests);
  for await (const chunk of readChunks(held)) running.update(chunk);
  const { sizeBytes } = running;
  try {
    checkDigests(running.finish(), sizeBytes, file);
  } catch (error) {
    if (error instanceof TrustError) return false;
    throw error;
  }
  linkFile(held, draft.place(file.path));
  return true;
}

/**
 * Fetches a listed file from the first of `paths` (below the base URL) that has it, checks its size and every listed
 * digest, and only then names it as an object and stands it in the tree. Where a path has other bytes, the next is
 * tried; where none has the right ones, the first mismatch is thrown.
 */
export async function fetchListed(
  context: SyncContext,
  draft: TreeDraft,
  file: ListedFile,
  paths: readonly RepositoryPath[],
): Promise<Brought> {
  if (await takeWhole(context, draft, file)) return { kind: "held" };
  let absent: Brought | undefined;
  let mismatch: TrustError | undefined;
  for (const path of paths) {
    try {
      const brought = await fetchFrom(context, draft, file, path);
      if (brought.kind !== "absent") return brought;
      absent = brought;
    } catch (error) {
      if (!(error instanceof TrustError)) throw error;
      mismatch ??= error;
    }
  }
  if (mismatch !== undefined) throw mismatch;
  return absent ?? { kind: "absent", status: 404, url: file.path };
}

/**
 * A run that died after the last byte and before the object had its name left a file that lacks nothing. It is checked
 * as if it had just come; if it does not hold, it is fetched.
 */
async function takeWhole(context: SyncContext, draft: TreeDraft, file: ListedFile): Promise<boolean> {
  const path = partialPath(context, file);
  if (statLinkIfAny(path)?.size !== file.sizeBytes) return false;
  const partial = await PartialFile.open(path, file.digests);
  if (partial.heldBytes !== file.sizeBytes) return false; // too small a file to be taken up
  try {
    admit(context, draft, file, partial.finish(undefined));
    return true;
  } catch (error) {
    if (!(error instanceof TrustError)) throw error;
    partial.discard();
    return false;
  }
}

async function fetchFrom(
  context: SyncContext,
  draft: TreeDraft,
  file: ListedFile,
  path: RepositoryPath,
): Promise<Brought> {
  const partial = await PartialFile.open(partialPath(context, file), file.digests);
  if (partial.heldBytes > 0) context.emit({ type: "transfer-progressed", sizeBytes: partial.heldBytes });
  try {
    const request = {
      path: encodePath(path),
      sink: tellBytes(context, partial),
      sizeBytes: file.sizeBytes,
      bytesMax: file.sizeBytes,
    };
    const result = await context.upstream.get(request, context.signal);
    if (result.kind === "absent") return result;
    const lastModified = result.kind === "fetched" ? result.lastModified : undefined;
    admit(context, draft, file, partial.finish(lastModified ?? context.now()));
  } catch (error) {
    if (error instanceof TrustError) partial.discard();
    throw error;
  } finally {
    partial.close();
  }
  context.emit({ type: "file-fetched", path: file.path, sizeBytes: file.sizeBytes });
  return { kind: "fetched" };
}

/** Tells of bytes as they come, and takes back those of an attempt that has to begin again. */
function tellBytes(context: SyncContext, partial: PartialFile): BodySink {
  const tell = (sizeBytes: number): void => context.emit({ type: "transfer-progressed", sizeBytes });
  return {
    get heldBytes() {
      return partial.heldBytes;
    },
    get heldValidator() {
      return partial.heldValidator;
    },
    begin(offsetBytes, response) {
      if (offsetBytes === 0 && partial.heldBytes > 0) tell(-partial.heldBytes);
      partial.begin(offsetBytes, response);
    },
    write(chunk) {
      partial.write(chunk);
      tell(chunk.length);
    },
  };
}

function admit(context: SyncContext, draft: TreeDraft, file: ListedFile, received: ReceivedFile): void {
  checkDigests(received.digests, received.sizeBytes, file);
  context.objects.adopt(received.path, received.digests.sha256, draft.place(file.path));
}

/** Stable between runs, so that an interrupted download is found again, and never the upstream's own text. */
function partialPath({ layout }: SyncContext, { digests, path }: ListedFile): string {
  const name = digests.sha256 ?? digestsOf(Buffer.from(`${digests.sha512 ?? ""} ${path}`)).sha256;
  return join(layout.partial, name);
}
