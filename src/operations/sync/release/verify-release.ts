import { parseRelease, type Release, type SignatureFileName, type Suite } from "../../../repository/index.ts";
import {
  locateTrustError,
  readUnverifiedInRelease,
  type SignaturePolicy,
  type SignedText,
  type SigningKey,
  TrustError,
  type VerifiedRelease,
  verifyDetached,
  verifyInRelease,
} from "../../../trust/index.ts";
import { openKeyring } from "../../open-keyring.ts";
import { checkRelease } from "./check-release.ts";
import type { SuiteContext } from "./held-suite.ts";

/** The signed text of a Release, and nothing else. */
export interface ReleaseText extends SignedText {
  /** Empty without a signature check. */
  readonly signedBy: readonly SigningKey[];
}

export async function verifyInlineRelease(context: SuiteContext, bytes: Uint8Array): Promise<ReleaseText> {
  if (!context.pgpCheck) return { ...readUnverifiedInRelease(bytes), signedBy: [] };
  const policy = await policyOf(context);
  return report(context, await located(context, "InRelease", () => verifyInRelease(bytes, policy)));
}

/** `quiet` is for a pair beside an InRelease, whose signer has been reported already. */
export async function verifyDetachedRelease(
  context: SuiteContext,
  release: Buffer,
  signature: Uint8Array | undefined,
  options: { readonly quiet: boolean } = { quiet: false },
): Promise<ReleaseText> {
  if (!context.pgpCheck) return { text: release.toString("latin1"), linesBefore: 0, signedBy: [] };
  if (signature === undefined) throw unsigned(context.suite);
  const policy = await policyOf(context);
  const verified = await located(context, "Release.gpg", () => verifyDetached(release, signature, policy));
  return options.quiet ? verified : report(context, verified);
}

/** A Release without any signature. */
export const unsigned = ({ name }: Suite): TrustError =>
  new TrustError(
    "SIGNATURE_MISSING",
    `${name}: upstream has a Release, but neither InRelease nor Release.gpg`,
    {
      hint: "Nothing vouches for its bytes. If that is how this upstream is, set no_pgp_check and know what it means.",
    },
  );

/** Parses text whose signature is valid, compares it with the clock and the held Release, and emits its warnings. */
export function readVerifiedRelease(
  context: SuiteContext,
  { name, text, linesBefore }: SignedText & { readonly name: SignatureFileName },
): Release {
  const path = context.suite.path(name);
  const release = parseRelease(text, path, { linesBefore });
  try {
    for (const remark of release.remarks) context.emit({ type: "release-remarked", path, remark });
    for (const note of checkRelease(context, release)) context.emit({ type: "release-noted", path, note });
    return release;
  } catch (error) {
    throw locateTrustError(error, path);
  }
}

async function policyOf(context: SuiteContext): Promise<SignaturePolicy> {
  const { id, signedBy, allow } = context.mirror;
  return { mirror: id, keyring: await openKeyring(context), now: context.now(), signedBy, allow };
}

async function located<Value>(
  { suite }: SuiteContext,
  name: SignatureFileName,
  verify: () => Promise<Value>,
): Promise<Value> {
  try {
    return await verify();
  } catch (error) {
    throw locateTrustError(error, suite.path(name));
  }
}

function report({ emit, suite }: SuiteContext, verified: VerifiedRelease): VerifiedRelease {
  const keyIds = verified.signedBy.map((key) => key.keyId);
  emit({ type: "signature-valid", suite: suite.name, keyIds });
  for (const note of verified.notes) emit({ type: "signature-noted", suite: suite.name, note });
  return verified;
}
