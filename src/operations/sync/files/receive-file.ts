import { encodePath, type ListedFile, type RepositoryPath } from "../../../repository/index.ts";
import { type LackedFile, PartialFile, type SentBytes } from "../../../store/index.ts";
import { TrustError } from "../../../trust/index.ts";
import { type BodySink, type Fetched, UpstreamError } from "../../../upstream/index.ts";
import type { LookContext } from "../sync-context.ts";
import { type Arrival, admitBody, type Body } from "./admit-body.ts";
import { encodedBytesMax, unlistedBytesMax } from "./decode-body.ts";
import type { Intake } from "./intake.ts";
import { partialPath } from "./partial-name.ts";

/** A listed file came and is in the tree, or upstream does not have it (with the status that said so). */
export type Received =
  | { readonly kind: "fetched"; readonly sizeBytes: number }
  | { readonly kind: "absent"; readonly status: number; readonly url: string };

export interface ReceiveOptions {
  readonly path: RepositoryPath;
  /** Past the caches on the way. */
  readonly fresh: boolean;
  /** What an earlier sync found in place of the file: the same wrong bytes are not downloaded again. */
  readonly known?: LackedFile | undefined;
}

/**
 * Fetches a listed file from one path below the base URL, checks it, names it as an object and puts it into the tree.
 * Throws TrustError where other bytes came, which are not kept.
 */
export async function receiveFile(
  context: LookContext,
  intake: Intake,
  file: ListedFile,
  { path, fresh, known }: ReceiveOptions,
): Promise<Received> {
  const { sizeBytes } = file;
  context.sent.delete(file.path);
  const partial = await PartialFile.open(partialPath(intake, file), file.digests);
  const arrival: Arrival = { context, intake, file, partial };
  const sink = tellBytes(arrival, known);
  const bytesMax = sizeBytes === undefined ? unlistedBytesMax : encodedBytesMax(sizeBytes);
  try {
    let receivedBytes = 0;
    const check = async ({ lastModified, contentEncoding }: Fetched): Promise<void> => {
      const body = { time: lastModified ?? context.now(), contentEncoding };
      receivedBytes = await admitOrRefuse(arrival, body);
    };
    const validators = known?.sent;
    const request = { path: encodePath(path), sink, sizeBytes, bytesMax, fresh, check, validators };
    const result = await context.upstream.get(request, context.signal);
    if (result.kind === "not-modified") throw stillWrong(known);
    if (result.kind === "absent") return result;
    context.sent.delete(file.path);
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

/** Upstream has the very bytes that an earlier sync refused. */
const stillWrong = (known: LackedFile | undefined): TrustError =>
  new TrustError("DIGEST_MISMATCH", known?.problem ?? "not modified since it was refused");

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

/**
 * Tells of bytes as they come, and takes back those of an attempt that has to begin again. A server that knows no
 * conditional requests sends the bytes that were refused again, and its headers say so: they are not taken.
 */
function tellBytes({ context, file, partial }: Arrival, known: LackedFile | undefined): BodySink {
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
      if (known?.sent !== undefined && isSame(response, known.sent)) throw stillWrong(known);
      if (offsetBytes === 0) tell(-partial.heldBytes);
      partial.begin(offsetBytes, response);
      // Of several base URLs, the first is the one that will be asked first again.
      if (!context.sent.has(file.path)) context.sent.set(file.path, response);
    },
    write(chunk) {
      partial.write(chunk);
      tell(chunk.length);
    },
  };
}

/** A date identifies bytes only where the server gives no ETag. */
function isSame(a: SentBytes, b: SentBytes): boolean {
  if (a.etag !== undefined || b.etag !== undefined) return a.etag === b.etag;
  return a.lastModified !== undefined && a.lastModified === b.lastModified;
}

/** Bytes that no list announced are no part of what a bar counts to. */
function tellProgress({ emit }: LookContext, file: ListedFile, sizeBytes: number): void {
  if (file.sizeBytes !== undefined && sizeBytes !== 0) emit({ type: "transfer-progressed", sizeBytes });
}
