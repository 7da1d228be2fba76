import { join } from "node:path";
import { digestsOf } from "../../platform/running-digests.ts";
import { encodePath, type ListedFile, type RepositoryPath } from "../../repository/index.ts";
import type { TreeDraft } from "../../snapshot/index.ts";
import { PartialFile } from "../../store/index.ts";
import { TrustError } from "../../trust/index.ts";
import { type BodySink, type Fetched, UpstreamError } from "../../upstream/index.ts";
import { type Arrival, admitBody, type Body } from "./admit-body.ts";
import { encodedBytesMax, unlistedBytesMax } from "./decode-body.ts";
import type { SyncContext } from "./sync-context.ts";

/** A listed file came and stands in the tree, or upstream does not have it (with the status that said so). */
export type Received =
  | { readonly kind: "fetched"; readonly sizeBytes: number }
  | { readonly kind: "absent"; readonly status: number; readonly url: string };

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
  const arrival: Arrival = { context, draft, file, partial };
  const sink = tellBytes(arrival);
  const bytesMax = sizeBytes === undefined ? unlistedBytesMax : encodedBytesMax(sizeBytes);
  try {
    let receivedBytes = 0;
    const check = async ({ lastModified, contentEncoding }: Fetched): Promise<void> => {
      const body = { time: lastModified ?? context.now(), contentEncoding };
      receivedBytes = await admitOrRefuse(arrival, body);
    };
    const request = { path: encodePath(path), sink, sizeBytes, bytesMax, fresh, check };
    const result = await context.upstream.get(request, context.signal);
    if (result.kind === "absent") return result;
    context.emit({ type: "file-fetched", path: file.path, sizeBytes: receivedBytes });
    return { kind: "fetched", sizeBytes: receivedBytes };
  } catch (error) {
    const failure = asMismatch(error, file);
    if (failure instanceof TrustError) forget(arrival);
    throw failure;
  } finally {
    partial.close();
  }
}

/** Other bytes than those that are listed are not kept, and do not keep the next base URL from being asked. */
async function admitOrRefuse(arrival: Arrival, body: Body): Promise<number> {
  const { context, file, partial } = arrival;
  const arrivedBytes = partial.heldBytes;
  try {
    const admittedBytes = await admitBody(arrival, body);
    tellProgress(context, file, admittedBytes - arrivedBytes);
    return admittedBytes;
  } catch (error) {
    if (!(error instanceof TrustError)) throw error;
    forget(arrival);
    throw new UpstreamError("BODY_REFUSED", error.message, { cause: error });
  }
}

function forget({ context, file, partial }: Arrival): void {
  tellProgress(context, file, -partial.heldBytes);
  partial.discard();
}

/** Stable between runs, so that an interrupted download is found again, and never the upstream's own text. */
export function partialPath({ layout }: SyncContext, { digests, path }: ListedFile): string {
  const name = digests.sha256 ?? digestsOf(Buffer.from(`${digests.sha512 ?? ""} ${path}`)).sha256;
  return join(layout.partial, name);
}

/** A body whose length alone shows that it is another file is refused before its digests could be taken. */
function asMismatch(error: unknown, { path, sizeBytes }: ListedFile): unknown {
  if (!(error instanceof UpstreamError)) return error;
  if (error.code === "BODY_REFUSED") return error.cause;
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
function tellBytes({ context, file, partial }: Arrival): BodySink {
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
