import { join } from "node:path";
import { type Release, type RepositoryPath } from "../../repository/index.ts";
import { type SigningKey, TrustError } from "../../trust/index.ts";
import { UpstreamError } from "../../upstream/index.ts";
import { readVerifiedRelease } from "./read-verified-release.ts";
import {
  fetchSignatureFileIfAny,
  fetchSignatureFileUnlessForbidden,
  type SignatureFile,
} from "./signature-file.ts";
import type { SyncContext } from "./sync-context.ts";
import { verifyDetachedRelease } from "./verify-release.ts";

export interface DetachedRelease {
  readonly release: Release;
  readonly signedBy: readonly SigningKey[];
  readonly files: readonly SignatureFile[];
}

interface Pair {
  readonly released: SignatureFile;
  readonly signature: SignatureFile | undefined;
}

/** Release and Release.gpg are replaced one after the other; this long at most, where all is well. */
const waitForOtherMs = 2_000;

/**
 * A repository that signs in a file apart, as all did once. A signature that does not fit may be that of an earlier
 * Release, so that the two are read once more before it counts as wrong.
 */
export async function fetchDetachedRelease(
  context: SyncContext,
  suite: string,
  root: RepositoryPath | "",
): Promise<DetachedRelease> {
  const pair = await fetchPair(context, root);
  try {
    return await readPair(context, suite, root, pair);
  } catch (error) {
    if (!(error instanceof TrustError) || error.code !== "SIGNATURE_INVALID") throw error;
    await context.pause(waitForOtherMs, context.signal);
    return await readPair(context, suite, root, await fetchPair(context, root));
  }
}

async function fetchPair(context: SyncContext, root: RepositoryPath | ""): Promise<Pair> {
  const released = await fetchSignatureFileUnlessForbidden(context, root, "Release");
  if (released === undefined) throw neither(context, root);
  const fetchSignature = context.pgpCheck ? fetchSignatureFileUnlessForbidden : fetchSignatureFileIfAny;
  return { released, signature: await fetchSignature(context, root, "Release.gpg") };
}

async function readPair(
  context: SyncContext,
  suite: string,
  root: RepositoryPath | "",
  { released, signature }: Pair,
): Promise<DetachedRelease> {
  const signed = await verifyDetachedRelease(context, suite, released.bytes, signature?.bytes);
  const release = readVerifiedRelease(context, suite, root, { name: "Release", ...signed });
  const isOfUse = signature !== undefined && isArmored(signature);
  if (signature !== undefined && !isOfUse) {
    const message = `${join(root, "Release.gpg")} is not ASCII armor and is left out: apt refuses it, and takes a repository without`;
    context.emit({ type: "warning", message });
  }
  return { release, signedBy: signed.signedBy, files: isOfUse ? [released, signature] : [released] };
}

/** What was verified is; only where signatures are not checked may it be anything. */
const isArmored = ({ bytes }: SignatureFile): boolean =>
  bytes.subarray(0, armorStart.length).toString("latin1") === armorStart;
const armorStart = "-----BEGIN PGP SIGNATURE-----";

const neither = (context: SyncContext, root: RepositoryPath | ""): UpstreamError =>
  new UpstreamError(
    "HTTP_STATUS",
    `${context.mirror.id}: upstream has neither ${join(root, "InRelease")} nor Release`,
    {
      hint: "Check url and suites: the Release of a suite stands at <url>/dists/<suite>/, that of a flat one at <url>/<suite>.",
    },
  );
