import type { CompanionProblem } from "../../../report/events.ts";
import {
  isSameText,
  parseRelease,
  type Release,
  RepositoryError,
  sameRelease,
} from "../../../repository/index.ts";
import { TrustError } from "../../../trust/index.ts";
import { UpstreamError } from "../../../upstream/index.ts";
import type { SuiteContext } from "./held-suite.ts";
import { downloadIfAny, type SignatureFile } from "./signature-files.ts";
import { verifyDetachedRelease } from "./verify-release.ts";

/** A verified InRelease. */
interface InRelease {
  readonly text: string;
  readonly release: Release;
  /** Upstream may be replacing Release and Release.gpg at this moment. */
  readonly isNew: boolean;
}

/** Release and Release.gpg beside an InRelease, as far as they can be used. */
export interface Companions {
  readonly files: readonly SignatureFile[];
  /** Upstream has one that is not among them: the next sync looks again. */
  readonly leftOut: boolean;
}

interface FoundCompanions extends Companions {
  readonly problem?: CompanionProblem;
}

/** Upstreams replace the three files one after the other, usually within this time. */
const waitForOthersMs = 2_000;

/**
 * Downloads Release and Release.gpg beside an InRelease, for the clients that request them. Both are taken only if they say
 * what InRelease says, if necessary at a second attempt. A Release without a usable signature is taken if its text equals
 * InRelease. Missing companions are not an error.
 */
export async function downloadCompanions(context: SuiteContext, inRelease: InRelease): Promise<Companions> {
  let found = await findCompanions(context, inRelease);
  if (found.leftOut && inRelease.isNew) {
    await context.pause(waitForOthersMs, context.signal);
    found = await findCompanions(context, inRelease);
  }
  const path = context.suite.path("Release");
  if (found.problem !== undefined)
    context.emit({ type: "companions-left-out", path, problem: found.problem });
  return found;
}

/**
 * Takes the companions of the working mirror, beside an InRelease that it has too. They are read and verified again: what
 * the disk has changed, or a planted link leads to, is downloaded again and not published.
 */
export async function recheckCompanions(context: SuiteContext, inRelease: InRelease): Promise<Companions> {
  const files = context.held.companions;
  const released = files.find(({ name }) => name === "Release");
  const signature = files.find(({ name }) => name === "Release.gpg");
  const isGood =
    released === undefined
      ? signature === undefined
      : signature === undefined
        ? isSameText(released.bytes, inRelease.text)
        : (await problemOf(context, released, signature, inRelease)) === undefined;
  return isGood ? { files, leftOut: false } : downloadCompanions(context, inRelease);
}

/** A failure to download leaves the companions out. */
async function findCompanions(context: SuiteContext, inRelease: InRelease): Promise<FoundCompanions> {
  try {
    const released = await downloadIfAny(context, "Release");
    if (released === undefined) return { files: [], leftOut: false };
    const signature = await downloadIfAny(context, "Release.gpg");
    return await judgeCompanions(context, released, signature, inRelease);
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    return { files: [], leftOut: true, problem: { kind: "not-fetched", reason: error.message } };
  }
}

async function judgeCompanions(
  context: SuiteContext,
  released: SignatureFile,
  signature: SignatureFile | undefined,
  inRelease: InRelease,
): Promise<FoundCompanions> {
  const reason = signature && (await problemOf(context, released, signature, inRelease));
  if (signature !== undefined && reason === undefined)
    return { files: [released, signature], leftOut: false };
  if (isSameText(released.bytes, inRelease.text)) {
    if (reason === undefined) return { files: [released], leftOut: false };
    return { files: [released], leftOut: true, problem: { kind: "signature-refused", reason } };
  }
  if (reason !== undefined)
    context.emit({ type: "signature-refused", path: context.suite.path("Release.gpg"), reason });
  const hasSignature = signature !== undefined;
  return { files: [], leftOut: true, problem: { kind: "disagree", hasSignature } };
}

/** Returns undefined if the pair has a valid signature and lists what InRelease lists. */
async function problemOf(
  context: SuiteContext,
  released: SignatureFile,
  signature: SignatureFile,
  inRelease: InRelease,
): Promise<string | undefined> {
  try {
    const options = { quiet: true };
    const { text } = await verifyDetachedRelease(context, released.bytes, signature.bytes, options);
    const isSame = sameRelease(parseRelease(text, context.suite.path("Release")), inRelease.release);
    return isSame ? undefined : "it signs another list of files than InRelease";
  } catch (error) {
    // Without a signature check, anything can come here, such as a page that says "not found".
    if (error instanceof TrustError || error instanceof RepositoryError) return error.message;
    throw error;
  }
}
