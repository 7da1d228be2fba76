import { join } from "node:path";
import { type Release, type RepositoryPath } from "../../../repository/index.ts";
import { type SigningKey, TrustError } from "../../../trust/index.ts";
import { UpstreamError } from "../../../upstream/index.ts";
import type { LookContext } from "../sync-context.ts";
import { holdsJust } from "./held-release.ts";
import { readVerifiedRelease } from "./read-verified-release.ts";
import {
  type AbsentFile,
  fetchSignatureFileIfAny,
  fetchSignatureFileUnlessForbidden,
  type SignatureFile,
} from "./signature-file.ts";
import { verifyDetachedRelease } from "./verify-release.ts";
import { warnOfSigner } from "./warn-of-signer.ts";

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
 * A repository that signs in a file apart, as all did once; `inRelease` is what upstream answered for the other form. A signature that does not fit may be that of an earlier
 * Release, so that the two are read once more before it counts as wrong.
 */
export async function fetchDetachedRelease(
  context: LookContext,
  suite: string,
  root: RepositoryPath | "",
  inRelease: AbsentFile,
): Promise<DetachedRelease> {
  const pair = await fetchPair(context, root, inRelease);
  try {
    return await readPair(context, suite, root, pair);
  } catch (error) {
    if (!(error instanceof TrustError) || error.code !== "SIGNATURE_INVALID") throw error;
    await context.pause(waitForOtherMs, context.signal);
    return await readPair(context, suite, root, await fetchPair(context, root, inRelease));
  }
}

async function fetchPair(
  context: LookContext,
  root: RepositoryPath | "",
  inRelease: AbsentFile,
): Promise<Pair> {
  const released = await fetchSignatureFileUnlessForbidden(context, root, "Release");
  if (released === undefined) throw neither(context, root, inRelease);
  const fetchSignature = context.pgpCheck ? fetchSignatureFileUnlessForbidden : fetchSignatureFileIfAny;
  return { released, signature: await fetchSignature(context, root, "Release.gpg") };
}

async function readPair(
  context: LookContext,
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
  const { signedBy } = signed;
  const files = isOfUse ? [released, signature] : [released];
  if (!holdsJust(context, root, files)) warnOfSigner(context, root, "Release", signedBy);
  return { release, signedBy, files };
}

/** What was verified is; only where signatures are not checked may it be anything. */
const isArmored = ({ bytes }: SignatureFile): boolean =>
  bytes.subarray(0, armorStart.length).toString("latin1") === armorStart;
const armorStart = "-----BEGIN PGP SIGNATURE-----";

function neither(
  { mirror }: LookContext,
  root: RepositoryPath | "",
  { status, url }: AbsentFile,
): UpstreamError {
  const others = mirror.urls.length > 1 ? ", and the same below the other urls" : "";
  return new UpstreamError(
    "HTTP_STATUS",
    `${mirror.id}: upstream has neither ${join(root, "InRelease")} nor Release\nGET ${url}: ${status}${others}`,
    { facts: { url, status }, hint: [placeHint, noReleaseHint].join("\n") },
  );
}

const placeHint =
  "Check url and suites: the Release of a suite is at <url>/dists/<suite>/, that of a flat one, which ends in a slash, at <url>/<suite>.";
const noReleaseHint =
  "A repository without any Release, as apt takes it with [trusted=yes], cannot be mirrored: nothing in it says which bytes are right. Ask its owner for a signed Release, or make a repository of its packages with reprepro, aptly or apt-ftparchive, and mirror that.";
