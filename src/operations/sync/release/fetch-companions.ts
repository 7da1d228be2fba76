import { join } from "node:path";
import {
  parseRelease,
  type Release,
  RepositoryError,
  type RepositoryPath,
  sameRelease,
} from "../../../repository/index.ts";
import { TrustError } from "../../../trust/index.ts";
import { UpstreamError } from "../../../upstream/index.ts";
import type { LookContext } from "../sync-context.ts";
import { heldCompanions } from "./held-release.ts";
import { fetchSignatureFileIfAny, type SignatureFile } from "./signature-file.ts";
import { verifyDetachedRelease } from "./verify-release.ts";

/** What a verified InRelease says. */
interface SignedText {
  readonly text: string;
  readonly release: Release;
  /** Upstream may be replacing the others at this moment. */
  readonly isNew: boolean;
}

export interface Companions {
  readonly files: readonly SignatureFile[];
  /** Upstream has one that is not among them: the next sync looks again. */
  readonly leftOut: boolean;
}

interface Looked extends Companions {
  readonly warning?: string;
}

/** The three are replaced one after the other; this long at most, where all is well. */
const waitForOthersMs = 2_000;

/**
 * Release and Release.gpg beside an InRelease, for the clients that ask for them. The three are not replaced together
 * upstream, so both are taken only where they say what InRelease says, if need be at a second look; Release also alone,
 * where it says that word for word, whatever its own signature is worth. That they cannot be had keeps no client from
 * upstream, nor a mirror.
 */
export async function fetchCompanions(
  context: LookContext,
  suite: string,
  root: RepositoryPath | "",
  inRelease: SignedText,
): Promise<Companions> {
  let looked = await lookForCompanions(context, suite, root, inRelease);
  if (looked.leftOut && inRelease.isNew) {
    await context.pause(waitForOthersMs, context.signal);
    looked = await lookForCompanions(context, suite, root, inRelease);
  }
  if (looked.warning !== undefined) context.emit({ type: "warning", message: looked.warning });
  return looked;
}

/**
 * Those of the working mirror, beside an InRelease that it has too. They are read and verified again: what a disk has
 * changed since, or a planted link leads to, is not published but asked for anew.
 */
export async function companionsHeld(
  context: LookContext,
  suite: string,
  root: RepositoryPath | "",
  inRelease: SignedText,
): Promise<Companions> {
  const files = heldCompanions(context, root);
  const [released, signature] = (["Release", "Release.gpg"] as const).map((name) =>
    files.find((file) => file.name === name),
  );
  const isGood =
    released === undefined
      ? signature === undefined
      : signature === undefined
        ? saysTheSame(released.bytes, inRelease.text)
        : (await problemOf(context, suite, root, released, signature, inRelease)) === undefined;
  return isGood ? { files, leftOut: false } : fetchCompanions(context, suite, root, inRelease);
}

async function lookForCompanions(
  context: LookContext,
  suite: string,
  root: RepositoryPath | "",
  inRelease: SignedText,
): Promise<Looked> {
  try {
    return await takeCompanions(context, suite, root, inRelease);
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    const warning = `${join(root, "Release")} and Release.gpg are left out: ${error.message}`;
    return { files: [], leftOut: true, warning };
  }
}

async function takeCompanions(
  context: LookContext,
  suite: string,
  root: RepositoryPath | "",
  inRelease: SignedText,
): Promise<Looked> {
  const released = await fetchSignatureFileIfAny(context, root, "Release");
  if (released === undefined) return { files: [], leftOut: false };
  const signature = await fetchSignatureFileIfAny(context, root, "Release.gpg");
  const problem =
    signature === undefined
      ? undefined
      : await problemOf(context, suite, root, released, signature, inRelease);
  if (signature !== undefined && problem === undefined)
    return { files: [released, signature], leftOut: false };
  const path = join(root, "Release");
  if (saysTheSame(released.bytes, inRelease.text)) {
    if (problem === undefined) return { files: [released], leftOut: false };
    return { files: [released], leftOut: true, warning: `${path}.gpg is left out: ${problem}` };
  }
  if (problem !== undefined) context.emit({ type: "detail", message: `${path}.gpg: ${problem}` });
  const warning =
    signature === undefined
      ? `${path} does not agree with InRelease and is left out`
      : `${path} and Release.gpg do not agree with InRelease and are left out`;
  return { files: [], leftOut: true, warning };
}

/** Undefined where the pair is well signed and lists what InRelease lists. */
async function problemOf(
  context: LookContext,
  suite: string,
  root: RepositoryPath | "",
  released: SignatureFile,
  signature: SignatureFile,
  inRelease: SignedText,
): Promise<string | undefined> {
  try {
    const { text } = await verifyDetachedRelease(context, suite, released.bytes, signature.bytes, {
      quiet: true,
    });
    const isSame = sameRelease(parseRelease(text, join(root, "Release")), inRelease.release);
    return isSame ? undefined : "it signs another list of files than InRelease";
  } catch (error) {
    // Signatures that are not checked let anything come here, such as a page that says that there is no such file.
    if (error instanceof TrustError || error instanceof RepositoryError) return error.message;
    throw error;
  }
}

/** Word for word; white space at the ends of lines is not signed in an InRelease. */
export const saysTheSame = (release: Buffer, signedText: string): boolean =>
  withoutLineEnds(release.toString("latin1")) === withoutLineEnds(signedText);

const withoutLineEnds = (text: string): string =>
  text
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n")
    .trimEnd();
