import {
  encodePath,
  joinPath,
  normalizePath,
  type RepositoryPath,
  type SignatureFileName,
} from "../../../repository/index.ts";
import { type KnownValidators, UpstreamError } from "../../../upstream/index.ts";
import { type BytesAnswer, fetchBytes } from "../files/fetch-bytes.ts";
import type { LookContext } from "../sync-context.ts";

/** A file that carries or accompanies the signature: kept as it came. */
export interface SignatureFile {
  readonly name: SignatureFileName;
  readonly bytes: Buffer<ArrayBuffer>;
  readonly lastModified: Date | undefined;
}

/** An answer that the file is not there. */
export type AbsentFile = Extract<BytesAnswer, { kind: "absent" }>;

/** Of a signature file, relative to the base URL and in the tree. */
export const signaturePath = (root: RepositoryPath | "", name: SignatureFileName): RepositoryPath =>
  joinPath(root, normalizePath(name));

/** As much as apt takes (Acquire::MaxReleaseFileSize), and as much again for a signature as nobody makes. */
export const signatureBytesMax = {
  InRelease: 10_000_000,
  Release: 10_000_000,
  "Release.gpg": 1_000_000,
} as const;

/** Asks upstream for a signature file; `validators` are of the one that is held. */
export const fetchSignatureFile = (
  context: LookContext,
  root: RepositoryPath | "",
  name: SignatureFileName,
  validators?: KnownValidators,
): Promise<BytesAnswer> =>
  fetchBytes(context, {
    path: encodePath(signaturePath(root, name)),
    bytesMax: signatureBytesMax[name],
    validators,
  });

/** The same, where one that is forbidden is as good as absent. */
export async function fetchSignatureFileIfAny(
  context: LookContext,
  root: RepositoryPath | "",
  name: SignatureFileName,
): Promise<SignatureFile | undefined> {
  return asFile(name, await fetchSignatureFile(context, root, name));
}

/** The same, where that is an error, as it is for InRelease in apt: 403 does not say that there is none. */
export async function fetchSignatureFileUnlessForbidden(
  context: LookContext,
  root: RepositoryPath | "",
  name: SignatureFileName,
): Promise<SignatureFile | undefined> {
  const answer = await fetchSignatureFile(context, root, name);
  assertNotForbidden(answer);
  return asFile(name, answer);
}

export function assertNotForbidden(answer: BytesAnswer): void {
  if (answer.kind !== "absent" || answer.status !== 403) return;
  const who =
    answer.proxy === undefined ? "the server forbids it" : `the server or ${answer.proxy} forbids it`;
  throw new UpstreamError("HTTP_STATUS", `${answer.url}: ${who} (403)`, {
    facts: { url: answer.url, status: 403 },
    hint: "Check the URL, the credentials in it, and whether the server answers this network at all.",
  });
}

const asFile = (name: SignatureFileName, answer: BytesAnswer): SignatureFile | undefined =>
  answer.kind === "fetched" ? { name, bytes: answer.bytes, lastModified: answer.lastModified } : undefined;
