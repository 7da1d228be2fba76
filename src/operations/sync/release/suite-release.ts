import type { Release } from "../../../repository/index.ts";
import { Suite } from "../../../repository/index.ts";
import { type SigningKey, TrustError } from "../../../trust/index.ts";
import { type KnownValidators, UpstreamError } from "../../../upstream/index.ts";
import { warnOfSigner } from "./check-release.ts";
import { downloadCompanions, recheckCompanions } from "./companions.ts";
import { downloadDetachedRelease } from "./detached-release.ts";
import { assertNotForbidden } from "./forbidden.ts";
import { type HeldPorts, HeldSuite, type ReleasePorts, type SuiteContext } from "./held-suite.ts";
import { downloadNewest } from "./newest-release.ts";
import { downloadSignatureFile, type SignatureFile } from "./signature-files.ts";
import { readVerifiedRelease, verifyInlineRelease } from "./verify-release.ts";

/** The Release of a suite, its signature verified, and the files that it was in. */
export interface SuiteRelease extends SignedRelease {
  readonly suite: Suite;
  /** The working mirror has exactly these bytes. */
  readonly unchanged: boolean;
}

interface SignedRelease {
  readonly release: Release;
  readonly signedBy: readonly SigningKey[];
  readonly files: readonly SignatureFile[];
  /** Upstream has a Release or Release.gpg beside InRelease that cannot be used yet. */
  readonly companionsLeftOut: boolean;
  /** For the conditional request of the next sync. */
  readonly validators: KnownValidators;
}

/**
 * Downloads the Releases of all suites, one after the other: nothing else is requested before all of them are trusted. Two
 * names of one directory, such as "/" and "./", are one suite.
 */
export async function downloadReleases(context: ReleasePorts & HeldPorts): Promise<readonly SuiteRelease[]> {
  const releases: SuiteRelease[] = [];
  const roots = new Set<string>();
  for (const name of context.mirror.suites) {
    const suite = new Suite(name);
    if (roots.has(suite.root)) continue;
    roots.add(suite.root);
    const held = new HeldSuite(suite, context);
    context.emit({ type: "release-requested", suite: name });
    const signed = await downloadNewest({ ...context, suite, held }, downloadSigned);
    releases.push({ suite, ...signed, unchanged: held.hasExactly(signed.files) });
  }
  return releases;
}

/** True if both lists have the same bytes. */
export function isSameRelease(a: readonly SuiteRelease[], b: readonly SuiteRelease[]): boolean {
  return a.every((suite, index) => {
    const [first] = suite.files;
    const [other] = b[index]?.files ?? [];
    return (
      first !== undefined &&
      other !== undefined &&
      first.name === other.name &&
      first.bytes.equals(other.bytes)
    );
  });
}

/**
 * Requests InRelease, conditionally if one is held, and Release and Release.gpg beside it. Only if InRelease is absent (404
 * or 410, as for apt) does it take Release with Release.gpg instead.
 */
async function downloadSigned(context: SuiteContext): Promise<SignedRelease> {
  const { held, suite } = context;
  const bytes = held.bytes("InRelease");
  const validators = bytes === undefined ? undefined : held.validators;
  const result = await downloadSignatureFile(context, "InRelease", validators);
  if (result.kind === "absent") {
    assertNotForbidden(result);
    const detached = await downloadDetachedRelease(context, result);
    return { ...detached, companionsLeftOut: false, validators: {} };
  }
  if (result.kind === "downloaded") return readInRelease(context, result.file, result.validators);
  if (bytes === undefined || validators === undefined) throw notModifiedWithoutHeld(suite);
  try {
    return await readInRelease(context, { name: "InRelease", bytes, lastModified: undefined }, validators);
  } catch (error) {
    // The held file was good when it was downloaded: the disk may have changed it since.
    if (!(error instanceof TrustError)) throw error;
    const again = await downloadSignatureFile(context, "InRelease");
    if (again.kind !== "downloaded") throw error;
    return readInRelease(context, again.file, again.validators);
  }
}

async function readInRelease(
  context: SuiteContext,
  file: SignatureFile,
  validators: KnownValidators,
): Promise<SignedRelease> {
  const { held } = context;
  const signed = await verifyInlineRelease(context, file.bytes);
  const release = readVerifiedRelease(context, { name: file.name, ...signed });
  const { text, signedBy } = signed;
  const isComplete = held.areCompanionsIntact && (held.companions.length === 2 || held.hasAllCompanions);
  const isNew = held.bytes("InRelease")?.equals(file.bytes) !== true;
  if (isNew) warnOfSigner(context, "InRelease", signedBy);
  const getCompanions = isComplete && !isNew ? recheckCompanions : downloadCompanions;
  const companions = await getCompanions(context, { text, release, isNew });
  const files = [file, ...companions.files];
  return { release, signedBy, files, companionsLeftOut: companions.leftOut, validators };
}

function notModifiedWithoutHeld(suite: Suite): UpstreamError {
  return new UpstreamError(
    "HTTP_STATUS",
    `${suite.path("InRelease")}: the server says "not modified" to a first request`,
    {
      hint: "A cache on the way answers wrongly: bypass it, or ask another mirror of this upstream.",
    },
  );
}
