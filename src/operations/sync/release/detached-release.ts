import type { Release, Suite } from "../../../repository/index.ts";
import { type SigningKey, TrustError } from "../../../trust/index.ts";
import { type AbsentFile, UpstreamError } from "../../../upstream/index.ts";
import { warnOfSigner } from "./check-release.ts";
import type { SuiteContext } from "./held-suite.ts";
import { downloadIfAny, downloadUnlessForbidden, type SignatureFile } from "./signature-files.ts";
import { readVerifiedRelease, verifyDetachedRelease } from "./verify-release.ts";

export interface DetachedRelease {
  readonly release: Release;
  readonly signedBy: readonly SigningKey[];
  readonly files: readonly SignatureFile[];
}

interface Pair {
  readonly released: SignatureFile;
  readonly signature: SignatureFile | undefined;
}

/** Upstreams replace Release and Release.gpg one after the other, usually within this time. */
const waitForOtherMs = 2_000;

/**
 * Downloads Release and Release.gpg, for a repository without InRelease; `inRelease` is the response to the request of that.
 * A signature that does not match may be that of an earlier Release, so both are read again before it counts as wrong.
 */
export async function downloadDetachedRelease(
  context: SuiteContext,
  inRelease: AbsentFile,
): Promise<DetachedRelease> {
  const pair = await downloadPair(context, inRelease);
  try {
    return await readPair(context, pair);
  } catch (error) {
    if (!(error instanceof TrustError) || error.code !== "SIGNATURE_INVALID") throw error;
    await context.pause(waitForOtherMs, context.signal);
    return await readPair(context, await downloadPair(context, inRelease));
  }
}

async function downloadPair(context: SuiteContext, inRelease: AbsentFile): Promise<Pair> {
  const released = await downloadUnlessForbidden(context, "Release");
  if (released === undefined) throw noRelease(context, inRelease);
  const downloadSignature = context.pgpCheck ? downloadUnlessForbidden : downloadIfAny;
  return { released, signature: await downloadSignature(context, "Release.gpg") };
}

async function readPair(context: SuiteContext, { released, signature }: Pair): Promise<DetachedRelease> {
  const { suite, held, emit } = context;
  const signed = await verifyDetachedRelease(context, released.bytes, signature?.bytes);
  const release = readVerifiedRelease(context, { name: "Release", ...signed });
  const isUsable = signature !== undefined && isArmored(signature);
  if (signature !== undefined && !isUsable)
    emit({ type: "signature-not-armored", path: suite.path("Release.gpg") });
  const { signedBy } = signed;
  const files = isUsable ? [released, signature] : [released];
  if (!held.hasExactly(files)) warnOfSigner(context, "Release", signedBy);
  return { release, signedBy, files };
}

/** A verified signature is. Without a signature check, the file may contain anything. */
const isArmored = ({ bytes }: SignatureFile): boolean =>
  bytes.subarray(0, armorStart.length).toString("latin1") === armorStart;
const armorStart = "-----BEGIN PGP SIGNATURE-----";

export function noRelease(
  { mirror, suite, upstream: { directory } }: Pick<SuiteContext, "mirror" | "suite" | "upstream">,
  { status, url }: AbsentFile,
): UpstreamError {
  if (directory !== undefined) return noReleaseIn(directory, suite);
  const others = mirror.urls.length > 1 ? ", and the same below the other urls" : "";
  return new UpstreamError(
    "HTTP_STATUS",
    `${mirror.id}: upstream has neither ${suite.path("InRelease")} nor Release\nGET ${url}: ${status}${others}`,
    { facts: { url, status }, hint: [placeHint, noReleaseHint].join("\n") },
  );
}

const noReleaseIn = (directory: string, suite: Suite): UpstreamError =>
  new UpstreamError(
    "DIRECTORY_UNUSABLE",
    `${directory} has neither ${suite.path("InRelease")} nor ${suite.path("Release")}`,
    {
      facts: { directory, suite: suite.name },
      hint:
        'Name the directory that has dists/ in it, or that "mirrorctl export" wrote. ' +
        "These files come last in an export: without them, it did not end.",
    },
  );

const placeHint =
  "Check url and suites: the Release of a suite is at <url>/dists/<suite>/, that of a flat one, which ends in a slash, at <url>/<suite>.";
const noReleaseHint =
  "A repository without any Release, as apt takes it with [trusted=yes], cannot be mirrored: nothing in it says which bytes are right. Ask its owner for a signed Release, or make a repository of its packages with reprepro, aptly or apt-ftparchive, and mirror that.";
