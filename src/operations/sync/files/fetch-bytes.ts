import type { AbsentFile, BodySink, DownloadRequest, KnownValidators } from "../../../upstream/index.ts";
import type { LookContext } from "../sync-context.ts";
import { decodeBytes } from "./content-encoding.ts";

export type BytesAnswer =
  | {
      readonly kind: "fetched";
      readonly bytes: Buffer<ArrayBuffer>;
      readonly validators: KnownValidators;
      readonly lastModified: Date | undefined;
    }
  | { readonly kind: "not-modified" }
  | AbsentFile;

/** A small file into memory, past every cache on the way. */
export async function fetchBytes(
  context: LookContext,
  request: Omit<DownloadRequest, "sink" | "fresh" | "accept" | "sizeBytes">,
): Promise<BytesAnswer> {
  const chunks: Uint8Array[] = [];
  const sink: BodySink = {
    heldBytes: 0,
    heldValidator: undefined,
    begin: () => chunks.splice(0),
    write: (chunk) => chunks.push(Buffer.from(chunk)),
  };
  const result = await context.upstream.download({ ...request, sink, fresh: true }, context.signal);
  if (result.kind === "refused") throw result.why;
  if (result.kind !== "accepted") return result;
  const { validators, lastModified, contentEncoding } = result;
  const bytes = decodeBytes(Buffer.concat(chunks), contentEncoding, request.bytesMax);
  return { kind: "fetched", bytes, validators, lastModified };
}
