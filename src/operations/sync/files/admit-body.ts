import type { ListedFile } from "../../../repository/index.ts";
import { PartialFile, type ReceivedFile } from "../../../store/index.ts";
import { checkDigests, TrustError } from "../../../trust/index.ts";
import type { LookContext } from "../sync-context.ts";
import { decodeBody, unlistedBytesMax } from "./decode-body.ts";
import type { Intake } from "./intake.ts";

/** A listed file on its way into a tree, and what has come of it. */
export interface Arrival {
  readonly context: LookContext;
  readonly intake: Intake;
  readonly file: ListedFile;
  readonly partial: PartialFile;
}

/** What is known of a body when it has come. */
export interface Body {
  readonly time: Date;
  readonly contentEncoding: string | undefined;
}

/**
 * The bytes as they came may be those that are listed, whatever encoding was said of them; else what they decode to may.
 * Answers how many bytes were admitted; throws TrustError where none are.
 */
export async function admitBody(arrival: Arrival, body: Body): Promise<number> {
  const { intake, file, partial } = arrival;
  const received = partial.finish(body.time, { durable: file.sizeBytes === undefined });
  try {
    admit(intake, file, received);
    return received.sizeBytes;
  } catch (mismatch) {
    if (!(mismatch instanceof TrustError)) throw mismatch;
    const decodedBytes = await admitDecoded(arrival, received, body);
    if (decodedBytes === undefined) throw mismatch;
    partial.discard();
    return decodedBytes;
  }
}

/** Undefined where nothing is to be decoded. */
async function admitDecoded(
  { context, intake, file }: Arrival,
  received: ReceivedFile,
  { time, contentEncoding }: Body,
): Promise<number | undefined> {
  const { signal } = context;
  const bytesMax = file.sizeBytes ?? unlistedBytesMax;
  const decoded = await PartialFile.open(`${received.path}.decoded`, file.digests);
  try {
    if (!(await decodeBody(received, decoded, { contentEncoding, bytesMax, signal }))) return undefined;
    admit(intake, file, decoded.finish(time, { durable: file.sizeBytes === undefined }));
    return decoded.heldBytes;
  } finally {
    decoded.discard();
  }
}

/** Names bytes as an object and stands them in the tree, once their size and every digest of `file` matched. */
export function admit(intake: Intake, file: ListedFile, received: ReceivedFile): void {
  const { digests, sizeBytes } = received;
  checkDigests(digests, sizeBytes, { ...file, sizeBytes: file.sizeBytes ?? sizeBytes });
  intake.adopt(received.path, digests.sha256, file.path);
}
