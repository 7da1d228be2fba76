import type { Suite } from "../../../repository/index.ts";
import { encodePath, type SignatureFileName, signatureBytesMax } from "../../../repository/index.ts";
import {
  type AbsentFile,
  type BodySink,
  type KnownValidators,
  type Upstream,
} from "../../../upstream/index.ts";
import { decodeBytes } from "../files/content-encoding.ts";
import { assertNotForbidden } from "./forbidden.ts";

/** A file that carries the signature of a suite, or belongs to it: kept byte for byte. */
export interface SignatureFile {
  readonly name: SignatureFileName;
  readonly bytes: Buffer<ArrayBuffer>;
  readonly lastModified: Date | undefined;
}

export type SignatureFileResult =
  | { readonly kind: "downloaded"; readonly file: SignatureFile; readonly validators: KnownValidators }
  | { readonly kind: "not-modified" }
  | AbsentFile;

export interface SignatureFilePorts {
  readonly suite: Suite;
  readonly upstream: Upstream;
  readonly signal: AbortSignal;
}

/**
 * Downloads a signature file into memory, bypassing caches. `validators` are those of the held one: with them the result may
 * be "not-modified".
 */
export async function downloadSignatureFile(
  { suite, upstream, signal }: SignatureFilePorts,
  name: SignatureFileName,
  validators?: KnownValidators,
): Promise<SignatureFileResult> {
  const chunks: Uint8Array[] = [];
  const sink: BodySink = {
    heldBytes: 0,
    heldValidator: undefined,
    begin: () => chunks.splice(0),
    write: (chunk) => chunks.push(Buffer.from(chunk)),
  };
  const bytesMax = signatureBytesMax[name];
  const request = { path: encodePath(suite.path(name)), sink, bytesMax, validators, fresh: true };
  const result = await upstream.download(request, signal);
  if (result.kind === "refused") throw result.why; // nothing in the request lets a body be refused
  if (result.kind !== "accepted") return result;
  const bytes = decodeBytes(Buffer.concat(chunks), result.contentEncoding, bytesMax);
  const file = { name, bytes, lastModified: result.lastModified };
  return { kind: "downloaded", file, validators: result.validators };
}

/** Returns undefined if upstream does not have the file, or forbids it. */
export async function downloadIfAny(
  ports: SignatureFilePorts,
  name: SignatureFileName,
): Promise<SignatureFile | undefined> {
  const result = await downloadSignatureFile(ports, name);
  return result.kind === "downloaded" ? result.file : undefined;
}

/** Returns undefined if upstream does not have the file. Throws if it is forbidden. */
export async function downloadUnlessForbidden(
  ports: SignatureFilePorts,
  name: SignatureFileName,
): Promise<SignatureFile | undefined> {
  const result = await downloadSignatureFile(ports, name);
  if (result.kind === "absent") assertNotForbidden(result);
  return result.kind === "downloaded" ? result.file : undefined;
}
