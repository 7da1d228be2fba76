import type { RepositoryPath, SignatureFileName } from "../../../repository/index.ts";
import { isAllowed, type SigningKey } from "../../../trust/index.ts";
import type { LookContext } from "../sync-context.ts";
import { heldReleases } from "./held-release.ts";
import { signaturePath } from "./signature-file.ts";

/**
 * Tells of a new Release by another signer than its predecessor expects. The Signed-By of a Release says who signs the
 * next one. apt goes by it as long as the Release that it holds is valid, which needs a Valid-Until, and keeps that one
 * where somebody else signs.
 */
export function warnOfSigner(
  context: LookContext,
  root: RepositoryPath | "",
  name: SignatureFileName,
  signedBy: readonly SigningKey[],
): void {
  const [held] = heldReleases(context, root);
  if (held?.validUntil === undefined || held.validUntil <= context.now()) return;
  const { nextSigners: expected, validUntil } = held;
  // Nobody is known to have signed it where signatures are not checked.
  if (signedBy.length === 0 || signedBy.some((signer) => isAllowed(signer, expected))) return;
  const found = signedBy.map(({ primaryFingerprint }) => primaryFingerprint);
  context.emit({ type: "signer-changed", path: signaturePath(root, name), expected, found, validUntil });
}
