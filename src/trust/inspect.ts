import { TrustError } from "./errors.ts";
import { frameInRelease, frameReleaseSignature } from "./message/framing.ts";
import { decide } from "./signature/decide.ts";
import { fingerprintOf, issuersOf } from "./signature/issuers.ts";
import { type JudgedSignature, judgeSignatures } from "./signature/judge.ts";
import { holdersOf, type SignaturePolicy } from "./signature/policy.ts";

/** One signature of a file, and the key that made it as far as that is known. */
export interface FoundSignature {
  /** 16 upper-case hexadecimal digits. Until the signature is good, this is only what it claims. */
  readonly keyId: string;
  /** That of the key that signs, which may be a subkey; undefined if neither the signature nor the ring has it. */
  readonly fingerprint: string | undefined;
  /** `missing`: no key of the ring. `not-allowed`: a key of the ring that signed_by does not name. */
  readonly state: "good" | "missing" | "not-allowed" | "refused" | "bad";
  /** The file of the ring that has the key. */
  readonly fileName: string | undefined;
  /** Of a refused one: a sentence that names the key. */
  readonly reason: string | undefined;
}

/** All signatures of a file, without its text: a caller that needs the text has to verify the file. */
export interface InspectedSignatures {
  readonly signatures: readonly FoundSignature[];
  /** Why a sync refuses the file; undefined if it accepts the signatures. */
  readonly refusal: TrustError | undefined;
}

/** Lists the signatures of a clearsigned InRelease. Throws TrustError if they cannot be read. */
export async function inspectInRelease(
  bytes: Uint8Array,
  policy: SignaturePolicy,
): Promise<InspectedSignatures> {
  const { signedBytes, signatureBlocks } = frameInRelease(bytes);
  return inspect(await judgeSignatures(signedBytes, signatureBlocks, "InRelease", policy), policy);
}

/** Lists the signatures of a Release.gpg. Throws TrustError if they cannot be read. */
export async function inspectDetached(
  release: Uint8Array,
  signature: Uint8Array,
  policy: SignaturePolicy,
): Promise<InspectedSignatures> {
  const blocks = frameReleaseSignature(signature);
  return inspect(await judgeSignatures(release, blocks, "Release.gpg", policy), policy);
}

function inspect(judged: readonly JudgedSignature[], policy: SignaturePolicy): InspectedSignatures {
  const signatures = judged.map((signature) => foundSignature(signature, policy));
  try {
    const verdicts = judged.map(({ verdict }) => verdict);
    decide(verdicts, policy);
    return { signatures, refusal: undefined };
  } catch (error) {
    if (!(error instanceof TrustError)) throw error;
    return { signatures, refusal: error };
  }
}

function foundSignature({ body, verdict }: JudgedSignature, policy: SignaturePolicy): FoundSignature {
  const keyIds = issuersOf(body);
  const [holder] = keyIds.flatMap((keyId) => holdersOf(keyId, policy.keyring));
  const [claimed = nobody] = keyIds;
  const signer = "signer" in verdict ? verdict.signer : holder?.signer;
  const found = {
    keyId: signer?.keyId ?? claimed,
    fingerprint: signer?.fingerprint ?? fingerprintOf(body),
    fileName: holder?.certificate.fileName,
    reason: "reason" in verdict ? verdict.reason : undefined,
  };
  if (verdict.kind === "good" || verdict.kind === "bad") return { ...found, state: verdict.kind };
  if (verdict.kind !== "unknown") return { ...found, state: "refused" };
  return { ...found, state: holder === undefined ? "missing" : "not-allowed" };
}

/** The key ID of a signature that names no key. */
const nobody = "0".repeat(16);
