import type { BodySink, GetRequest, GetResult, KnownValidators } from "../../../upstream/index.ts";
import type { LookContext } from "../sync-context.ts";
import { decodeBytes } from "./decode-body.ts";

export type BytesAnswer =
  | {
      readonly kind: "fetched";
      readonly bytes: Buffer<ArrayBuffer>;
      readonly validators: KnownValidators;
      readonly lastModified: Date | undefined;
    }
  | Exclude<GetResult, { kind: "fetched" }>;

/** A small file into memory, past every cache on the way. */
export async function fetchBytes(
  context: LookContext,
  request: Omit<GetRequest, "sink" | "fresh">,
): Promise<BytesAnswer> {
  const chunks: Uint8Array[] = [];
  const sink: BodySink = {
    heldBytes: 0,
    heldValidator: undefined,
    begin: () => chunks.splice(0),
    write: (chunk) => chunks.push(Buffer.from(chunk)),
  };
  const result = await context.upstream.get({ ...request, sink, fresh: true }, context.signal);
  if (result.kind !== "fetched") return result;
  const { validators, lastModified, contentEncoding } = result;
  const bytes = decodeBytes(Buffer.concat(chunks), contentEncoding, request.bytesMax);
  return { kind: "fetched", bytes, validators, lastModified };
}
