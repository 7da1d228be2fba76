import {
  parseRelease,
  type Release,
  type RepositoryPath,
  type SignatureFileName,
} from "../../../repository/index.ts";
import { locateTrustError, type SignedText } from "../../../trust/index.ts";
import type { LookContext } from "../sync-context.ts";
import { checkRelease } from "./check-release.ts";
import { signaturePath } from "./signature-file.ts";

/** Reads text whose signature held, compares it with the clock and with what is held, and tells its warnings. */
export function readVerifiedRelease(
  context: LookContext,
  suite: string,
  root: RepositoryPath | "",
  { name, text, linesBefore }: SignedText & { readonly name: SignatureFileName },
): Release {
  const path = signaturePath(root, name);
  const release = parseRelease(text, path, { linesBefore });
  try {
    for (const remark of release.remarks) context.emit({ type: "release-remarked", path, remark });
    for (const warning of checkRelease(context, suite, root, release))
      context.emit({ type: "warning", message: `${path}: ${warning}` });
    return release;
  } catch (error) {
    throw locateTrustError(error, path);
  }
}
