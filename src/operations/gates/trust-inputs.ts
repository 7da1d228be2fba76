import { whyUnreadable } from "../../errors.ts";
import { aptKeyPaths } from "../../platform/key-files.ts";
import { digestsOf } from "../../platform/running-digests.ts";
import type { Ports } from "../context.ts";

/**
 * Returns a text that is the same while signatures are judged alike: a key that was removed or revoked since a gate passed
 * must be noticed by the next promotion.
 */
export function trustInputs({ mirror, invokerFiles }: Ports<"mirror" | "invokerFiles">): string {
  const { pgpCheck, signedBy, allow, pgpKeyPaths } = mirror;
  const paths = pgpKeyPaths.length > 0 ? pgpKeyPaths : aptKeyPaths(invokerFiles);
  const keys = pgpCheck ? paths.map((path) => digestIfAny(() => invokerFiles.read(path))) : [];
  return JSON.stringify([pgpCheck, signedBy, allow, keys]);
}

function digestIfAny(read: () => Uint8Array): string | undefined {
  try {
    return digestsOf(read()).sha256;
  } catch (error) {
    if (whyUnreadable(error) === undefined) throw error;
    return undefined;
  }
}
