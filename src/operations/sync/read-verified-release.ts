import { parseRelease, type Release, type RepositoryPath } from "../../repository/index.ts";
import { locateTrustError } from "../../trust/index.ts";
import { checkRelease } from "./check-release.ts";
import { type SignatureFileName, signaturePath } from "./signature-file.ts";
import type { SyncContext } from "./sync-context.ts";

/** Reads text whose signature held, compares it with the clock and with what is held, and tells its warnings. */
export function readVerifiedRelease(
  context: SyncContext,
  suite: string,
  root: RepositoryPath | "",
  { name, text }: { readonly name: SignatureFileName; readonly text: string },
): Release {
  const path = signaturePath(root, name);
  const release = parseRelease(text, path);
  try {
    const found = checkRelease(context, suite, root, release).map((warning) => `${path}: ${warning}`);
    for (const message of [...release.warnings, ...found]) context.emit({ type: "warning", message });
    return release;
  } catch (error) {
    throw locateTrustError(error, path);
  }
}
