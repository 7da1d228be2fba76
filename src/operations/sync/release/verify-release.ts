import { type SignatureFileName, Suite } from "../../../repository/index.ts";
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
import type { LookContext } from "../sync-context.ts";
import { signaturePath } from "./signature-file.ts";

/** Its text is the signed payload and nothing else. */
export interface ReleaseText extends SignedText {
  /** Empty where signatures are not checked. */
  readonly signedBy: readonly SigningKey[];
}

export async function verifyInlineRelease(
  context: LookContext,
  suite: string,
  bytes: Uint8Array,
): Promise<ReleaseText> {
  if (!context.pgpCheck) return { ...readUnverifiedInRelease(bytes), signedBy: [] };
  const policy = await policyOf(context);
  return tell(context, suite, await located(suite, "InRelease", () => verifyInRelease(bytes, policy)));
}

/** `quiet` for a pair beside an InRelease, whose signer has been named already. */
export async function verifyDetachedRelease(
  context: LookContext,
  suite: string,
  release: Buffer,
  signature: Uint8Array | undefined,
  options: { readonly quiet: boolean } = { quiet: false },
): Promise<ReleaseText> {
  if (!context.pgpCheck) return { text: release.toString("latin1"), linesBefore: 0, signedBy: [] };
  if (signature === undefined) {
    throw new TrustError(
      "SIGNATURE_MISSING",
      `${suite}: upstream has a Release, but neither InRelease nor Release.gpg`,
      {
        hint: "Nothing vouches for its bytes. If that is how this upstream is, set no_pgp_check and know what it means.",
      },
    );
  }
  const policy = await policyOf(context);
  const verified = await located(suite, "Release.gpg", () => verifyDetached(release, signature, policy));
  return options.quiet ? verified : tell(context, suite, verified);
}

async function policyOf(context: LookContext): Promise<SignaturePolicy> {
  const { signedBy, allow } = context.mirror;
  return { keyring: await openKeyring(context), now: context.now(), signedBy, allow };
}

async function located<Value>(
  suite: string,
  name: SignatureFileName,
  verify: () => Promise<Value>,
): Promise<Value> {
  try {
    return await verify();
  } catch (error) {
    throw locateTrustError(error, signaturePath(new Suite(suite).root, name));
  }
}

function tell(context: LookContext, suite: string, verified: VerifiedRelease): VerifiedRelease {
  context.emit({ type: "signature-valid", suite, keyIds: verified.signedBy.map((key) => key.keyId) });
  for (const message of verified.warnings) context.emit({ type: "warning", message });
  return verified;
}
