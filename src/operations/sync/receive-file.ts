import { join } from "node:path";
import { digestsOf } from "../../platform/running-digests.ts";
import { encodePath, type ListedFile, type RepositoryPath } from "../../repository/index.ts";
import type { TreeDraft } from "../../snapshot/index.ts";
import { PartialFile, type ReceivedFile } from "../../store/index.ts";
import { checkDigests, TrustError } from "../../trust/index.ts";
import { type BodySink, UpstreamError } from "../../upstream/index.ts";
import { decodeBody, encodedBytesMax } from "./decode-body.ts";
import type { SyncContext } from "./sync-context.ts";

/** A listed file came and stands in the tree, or upstream does not have it (with the status that said so). */
export type Received =
  | { readonly kind: "fetched"; readonly sizeBytes: number }
  | { readonly kind: "absent"; readonly status: number; readonly url: string };

/** What is known of a body when it has come. */
interface Body {
  readonly time: Date;
  readonly contentEncoding: string | undefined;
}

/** For what is listed without a size, so that nothing signed bounds it. */
export const unlistedBytesMax = 4 * 2 ** 30;

/**
 * Fetches a listed file from one path below the base URL, checks it, names it as an object and stands it in the tree.
 * Throws TrustError where other bytes came, which are not kept.
 */
export async function receiveFile(
  context: SyncContext,
  draft: TreeDraft,
  file: ListedFile,
  { path, fresh }: { readonly path: RepositoryPath; readonly fresh: boolean },
): Promise<Received> {
  const { sizeBytes } = file;
  const partial = await PartialFile.open(partialPath(context, file), file.digests);
  const sink = tellBytes(context, file, partial);
  const bytesMax = sizeBytes === undefined ? unlistedBytesMax : encodedBytesMax(sizeBytes);
  try {
    const request = { path: encodePath(path), sink, sizeBytes, bytesMax, fresh };
    const result = await context.upstream.get(request, context.signal);
    if (result.kind === "absent") return result;
    const fetched = result.kind === "fetched" ? result : undefined; // the request was not conditional
    const body = {
      time: fetched?.lastModified ?? context.now(),
      contentEncoding: fetched?.contentEncoding,
    };
    const receivedBytes = await admitBody(context, draft, file, partial, body);
    context.emit({ type: "file-fetched", path: file.path, sizeBytes: receivedBytes });
    return { kind: "fetched", sizeBytes: receivedBytes };
  } catch (error) {
    const failure = asMismatch(error, file);
    if (failure instanceof TrustError) {
      tellProgress(context, file, -partial.heldBytes);
      partial.discard();
    }
    throw failure;
  } finally {
    partial.close();
  }
}

/** The bytes as they came may be those that are listed, whatever encoding was said of them; else what they decode to. */
async function admitBody(
  context: SyncContext,
  draft: TreeDraft,
  file: ListedFile,
  partial: PartialFile,
  body: Body,
): Promise<number> {
  const received = partial.finish(body.time);
  try {
    admit(context, draft, file, received);
    return received.sizeBytes;
  } catch (mismatch) {
    if (!(mismatch instanceof TrustError)) throw mismatch;
    const decodedBytes = await admitDecoded(context, draft, file, received, body);
    if (decodedBytes === undefined) throw mismatch;
    tellProgress(context, file, decodedBytes - received.sizeBytes);
    partial.discard();
    return decodedBytes;
  }
}

/** Undefined where nothing is to be decoded. */
async function admitDecoded(
  context: SyncContext,
  draft: TreeDraft,
  file: ListedFile,
  received: ReceivedFile,
  { time, contentEncoding }: Body,
): Promise<number | undefined> {
  const { signal } = context;
  const bytesMax = file.sizeBytes ?? unlistedBytesMax;
  const decoded = await PartialFile.open(`${received.path}.decoded`, file.digests);
  try {
    if (!(await decodeBody(received, decoded, { contentEncoding, bytesMax, signal }))) return undefined;
    admit(context, draft, file, decoded.finish(time));
    return decoded.heldBytes;
  } finally {
    decoded.discard();
  }
}

/** Names bytes as an object and stands them in the tree, once their size and every listed digest matched. */
export function admit(
  context: SyncContext,
  draft: TreeDraft,
  file: ListedFile,
  received: ReceivedFile,
): void {
  const { digests, sizeBytes } = received;
  checkDigests(digests, sizeBytes, { ...file, sizeBytes: file.sizeBytes ?? sizeBytes });
  context.objects.adopt(received.path, digests.sha256, draft.place(file.path));
}

/** Stable between runs, so that an interrupted download is found again, and never the upstream's own text. */
export function partialPath({ layout }: SyncContext, { digests, path }: ListedFile): string {
  const name = digests.sha256 ?? digestsOf(Buffer.from(`${digests.sha512 ?? ""} ${path}`)).sha256;
  return join(layout.partial, name);
}

/** A body whose length alone shows that it is another file is refused before its digests could be taken. */
function asMismatch(error: unknown, { path, sizeBytes }: ListedFile): unknown {
  if (!(error instanceof UpstreamError)) return error;
  const isOtherSize =
    error.code === "SIZE_DIFFERS" || (error.code === "TOO_LARGE" && sizeBytes !== undefined);
  if (!isOtherSize) return error;
  return new TrustError("SIZE_MISMATCH", `${path}: ${error.message}`, {
    facts: error.facts,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    cause: error,
  });
}

/** Tells of bytes as they come, and takes back those of an attempt that has to begin again. */
function tellBytes(context: SyncContext, file: ListedFile, partial: PartialFile): BodySink {
  const tell = (sizeBytes: number): void => tellProgress(context, file, sizeBytes);
  tell(partial.heldBytes);
  return {
    get heldBytes() {
      return partial.heldBytes;
    },
    get heldValidator() {
      return partial.heldValidator;
    },
    begin(offsetBytes, response) {
      if (offsetBytes === 0) tell(-partial.heldBytes);
      partial.begin(offsetBytes, response);
    },
    write(chunk) {
      partial.write(chunk);
      tell(chunk.length);
    },
  };
}

/** Bytes that no list announced are no part of what a bar counts to. */
function tellProgress({ emit }: SyncContext, file: ListedFile, sizeBytes: number): void {
  if (file.sizeBytes !== undefined && sizeBytes !== 0) emit({ type: "transfer-progressed", sizeBytes });
}
