import { join } from "node:path";
import { type Release, type RepositoryPath, Suite } from "../../../repository/index.ts";
import { type SigningKey, TrustError } from "../../../trust/index.ts";
import { type KnownValidators, UpstreamError } from "../../../upstream/index.ts";
import type { BytesAnswer } from "../files/fetch-bytes.ts";
import type { LookContext } from "../sync-context.ts";
import { companionsHeld, fetchCompanions } from "./fetch-companions.ts";
import { fetchDetachedRelease } from "./fetch-detached-release.ts";
import { fetchNewest } from "./fetch-newest.ts";
import { heldCompanions, holdsJust, isAsCame, readHeld } from "./held-release.ts";
import { readVerifiedRelease } from "./read-verified-release.ts";
import { assertNotForbidden, fetchSignatureFile, type SignatureFile } from "./signature-file.ts";
import { verifyInlineRelease } from "./verify-release.ts";
import { warnOfSigner } from "./warn-of-signer.ts";

/** A suite's Release, its signature verified, and the files that it came in. */
export interface SuiteRelease extends SignedRelease {
  readonly suite: Suite;
  /** The very bytes that the working mirror has. */
  readonly unchanged: boolean;
}

interface SignedRelease {
  readonly release: Release;
  readonly signedBy: readonly SigningKey[];
  readonly files: readonly SignatureFile[];
  /** Upstream has a Release or Release.gpg beside InRelease that is of no use yet. */
  readonly companionsLeftOut: boolean;
  /** For the conditional request of the next sync. */
  readonly validators: KnownValidators;
}

/**
 * Asks for a suite's InRelease, conditionally where one is held, and for Release and Release.gpg beside it. Only when
 * InRelease is absent (404 or 410, as for apt) does Release with Release.gpg take its place. Where the first base URL
 * that answers is behind, the newest that the others have is taken.
 */
export async function fetchSuiteRelease(context: LookContext, suite: Suite): Promise<SuiteRelease> {
  context.emit({ type: "release-requested", suite: suite.name });
  const { root } = suite;
  const signed = await fetchNewest(context, suite.name, (asking) => fetchSigned(asking, suite.name, root));
  return { suite, ...signed, unchanged: holdsJust(context, root, signed.files) };
}

async function fetchSigned(
  context: LookContext,
  suite: string,
  root: RepositoryPath | "",
): Promise<SignedRelease> {
  const held = readHeld(context, root, "InRelease");
  const known = held === undefined ? undefined : context.validatorsOf(suite);
  const answer = await fetchSignatureFile(context, root, "InRelease", known);
  assertNotForbidden(answer);
  if (answer.kind === "absent") {
    const detached = await fetchDetachedRelease(context, suite, root, answer);
    return { ...detached, companionsLeftOut: false, validators: {} };
  }
  if (answer.kind === "fetched") return readInRelease(context, suite, root, answer);
  if (held === undefined || known === undefined) throw notModifiedWithoutHeld(root);
  try {
    const unmodified = { bytes: held, validators: known, lastModified: undefined };
    return await readInRelease(context, suite, root, unmodified);
  } catch (error) {
    // What is held was good when it came: if it is not now, it may be the disk that changed it.
    if (!(error instanceof TrustError)) throw error;
    const again = await fetchSignatureFile(context, root, "InRelease");
    if (again.kind !== "fetched") throw error;
    return readInRelease(context, suite, root, again);
  }
}

async function readInRelease(
  context: LookContext,
  suite: string,
  root: RepositoryPath | "",
  { bytes, validators, lastModified }: Omit<Extract<BytesAnswer, { kind: "fetched" }>, "kind">,
): Promise<SignedRelease> {
  const signed = await verifyInlineRelease(context, suite, bytes);
  const release = readVerifiedRelease(context, suite, root, { name: "InRelease", ...signed });
  const { text, signedBy } = signed;
  const held = heldCompanions(context, root);
  const isWhole = isAsCame(context, root) && (held.length === 2 || context.tookCompanions(suite));
  const isNew = readHeld(context, root, "InRelease")?.equals(bytes) !== true;
  if (isNew) warnOfSigner(context, root, "InRelease", signedBy);
  const look = isWhole && !isNew ? companionsHeld : fetchCompanions;
  const companions = await look(context, suite, root, { text, release, isNew });
  const files = [{ name: "InRelease", bytes, lastModified } as const, ...companions.files];
  return { release, signedBy, files, companionsLeftOut: companions.leftOut, validators };
}

function notModifiedWithoutHeld(root: RepositoryPath | ""): UpstreamError {
  return new UpstreamError(
    "HTTP_STATUS",
    `${join(root, "InRelease")}: the server says "not modified" to a first request`,
    {
      hint: "A cache on the way answers wrongly: bypass it, or ask another mirror of this upstream.",
    },
  );
}
