import { frameInRelease, frameReleaseSignature } from "./message/framing.ts";
import { latin1Of } from "./message/lines.ts";
import { decide } from "./signature/decide.ts";
import { type JudgedSignature, judgeSignatures } from "./signature/judge.ts";
import type { SignaturePolicy, SigningKey } from "./signature/policy.ts";
import type { SignatureNote, Verdict } from "./signature/verdict.ts";

/** The part of a file that its signatures cover. */
export interface SignedText {
  /** One character per byte (latin1). */
  readonly text: string;
  /** The number of lines of the file before it. */
  readonly linesBefore: number;
}

/** A verified file: its text is exactly what was signed. Parse this, never the file. */
export interface VerifiedRelease extends SignedText {
  /** Keys with a good signature, each once; at least one. */
  readonly signedBy: readonly SigningKey[];
  /** What was accepted with a warning. */
  readonly notes: readonly SignatureNote[];
}

/** Verifies a clearsigned InRelease. Throws TrustError; see decide.ts for what is accepted. */
export async function verifyInRelease(bytes: Uint8Array, policy: SignaturePolicy): Promise<VerifiedRelease> {
  const { text, linesBefore, signedBytes, signatureBlocks } = frameInRelease(bytes);
  const judged = await judgeSignatures(signedBytes, signatureBlocks, "InRelease", policy);
  return { text, linesBefore, ...decide(verdictsOf(judged), policy) };
}

/** Verifies a Release by its Release.gpg. Throws TrustError; see decide.ts for what is accepted. */
export async function verifyDetached(
  release: Uint8Array,
  signature: Uint8Array,
  policy: SignaturePolicy,
): Promise<VerifiedRelease> {
  const blocks = frameReleaseSignature(signature);
  const judged = await judgeSignatures(release, blocks, "Release.gpg", policy);
  return { text: latin1Of(release), linesBefore: 0, ...decide(verdictsOf(judged), policy) };
}

/**
 * Returns the text in the frame of an InRelease without verifying signatures, for a mirror with no_pgp_check. The
 * framing is as strict as for verification. Throws TrustError FRAMING_INVALID or ARMOR_INVALID.
 */
export function readUnverifiedInRelease(bytes: Uint8Array): SignedText {
  const { text, linesBefore } = frameInRelease(bytes);
  return { text, linesBefore };
}

const verdictsOf = (judged: readonly JudgedSignature[]): readonly Verdict[] =>
  judged.map(({ verdict }) => verdict);
