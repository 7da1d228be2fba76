import { TrustError } from "../errors.ts";
import { isConfiguredButNotAllowed, type SignaturePolicy, type SigningKey } from "./policy.ts";
import type { SignatureNote, UnusableCode, Verdict } from "./verdict.ts";

type VerdictOf<Kind extends Verdict["kind"]> = Extract<Verdict, { kind: Kind }>;

/** Public: scripts look for these words. */
const failed = "PGP signature verification failed";

/**
 * Accepts a document if at least one configured key signed it well, and no signature by a configured key is bad or may
 * be bad. Signatures by other keys, and ones that prove nothing, do not matter. Throws TrustError otherwise.
 */
export function decide(
  verdicts: readonly Verdict[],
  policy: SignaturePolicy,
): { readonly signedBy: readonly SigningKey[]; readonly notes: readonly SignatureNote[] } {
  const bad = only(verdicts, "bad");
  if (bad[0] !== undefined) throw invalidSignature(bad[0]);
  const [undecided] = only(verdicts, "undecided");
  if (undecided !== undefined) throw unusableSignature(undecided);
  const good = only(verdicts, "good");
  const unusable = only(verdicts, "unusable");
  if (good.length > 0) {
    const ignored = unusable.map(({ reason }) => ({ kind: "signature-ignored", reason }) as const);
    const notes = [...good.flatMap((verdict) => verdict.notes), ...ignored];
    return {
      signedBy: eachOnce(good.map(({ signer }) => [signer.fingerprint, signer])),
      notes: eachOnce(notes.map((note) => [JSON.stringify(note), note])),
    };
  }
  if (unusable[0] !== undefined) throw unusableSignature(unusable[0]);
  const unknown = [...new Set(only(verdicts, "unknown").map(({ keyId }) => keyId))];
  throw unknown[0] === undefined ? noSignature() : unknownSigner(unknown, policy);
}

function only<Kind extends Verdict["kind"]>(verdicts: readonly Verdict[], kind: Kind): VerdictOf<Kind>[] {
  return verdicts.filter((verdict): verdict is VerdictOf<Kind> => verdict.kind === kind);
}

const eachOnce = <Value>(keyed: readonly (readonly [key: string, Value])[]): Value[] => [
  ...new Map(keyed).values(),
];

function invalidSignature({ signer, cause }: VerdictOf<"bad">): TrustError {
  return new TrustError("SIGNATURE_INVALID", `${failed}: invalid signature`, {
    facts: { keyId: `0x${signer.keyId}`, fingerprint: signer.fingerprint },
    hint:
      `The bytes differ from what key 0x${signer.keyId} signed: they were altered on the way, or the upstream was ` +
      "changing. If this persists, compare with another mirror of the same repository before you trust this one.",
    cause,
  });
}

function unusableSignature(verdict: VerdictOf<"unusable" | "undecided">): TrustError {
  const { code, reason } = verdict;
  const cause = verdict.kind === "unusable" ? verdict.cause : undefined;
  return new TrustError(code, `${failed}: ${reason}`, { hint: unusableHints[code], cause });
}

const replaceKeyHint = "Fetch the upstream's current key and replace the old one by it (pgp_key_path).";
const upstreamHint = "Only the upstream can repair this, by signing again with a current key and digest.";

const unusableHints: Readonly<Record<UnusableCode, string>> = {
  KEY_EXPIRED: `${replaceKeyHint} An archived suite has none: allow_expired_keys accepts what the key signed before it expired.`,
  KEY_REVOKED: replaceKeyHint,
  KEY_UNUSABLE: replaceKeyHint,
  KEY_WEAK: upstreamHint,
  DIGEST_WEAK: upstreamHint,
  SIGNATURE_EXPIRED: upstreamHint,
  SIGNATURE_UNSUPPORTED: upstreamHint,
  SIGNATURE_FUTURE:
    "Check the clock of this machine (timedatectl). If it is right, the upstream's is not; allow_future accepts that.",
};

function unknownSigner(keyIds: readonly string[], policy: SignaturePolicy): TrustError {
  const names = keyIds.map((keyId) => `0x${keyId}`);
  const notAllowed = keyIds.filter((keyId) => isConfiguredButNotAllowed(keyId, policy));
  const message = `${failed}: signed by unknown key ${names.join(", ")}`;
  const hint = notAllowed.length > 0 ? notAllowedHint(notAllowed) : missingKeyHint(policy);
  return new TrustError("SIGNER_UNKNOWN", message, {
    facts: { keyIds: names, signedBy: policy.signedBy },
    hint,
  });
}

function notAllowedHint(keyIds: readonly string[]): string {
  const names = keyIds.map((keyId) => `0x${keyId}`).join(", ");
  return `The keyring has ${names}, but signed_by does not name it. Add its fingerprint there if it may sign.`;
}

const missingKeyHint = ({ mirror }: SignaturePolicy): string =>
  `"mirrorctl key needed ${mirror}" says which key that is, where it may be found, and how to check it. Then name its file in pgp_key_path.`;

function noSignature(): TrustError {
  return new TrustError("SIGNATURE_MISSING", `${failed}: there is no signature`, {
    hint: "The file was cut short, or the upstream does not sign this suite.",
  });
}
