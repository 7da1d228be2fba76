import { join } from "node:path";
import { readBytesIfAny } from "../../../platform/files.ts";
import { digestsOf } from "../../../platform/running-digests.ts";
import {
  parseRelease,
  type Release,
  RepositoryError,
  type RepositoryPath,
  type SignatureFileName,
} from "../../../repository/index.ts";
import { readUnverifiedInRelease, TrustError } from "../../../trust/index.ts";
import type { LookContext } from "../sync-context.ts";
import { type SignatureFile, signaturePath } from "./signature-file.ts";

/** A signature file of the working mirror: verified when it came, and the bytes that "not modified" speaks of. */
export function readHeld(
  context: LookContext,
  root: RepositoryPath | "",
  name: SignatureFileName,
): Buffer<ArrayBuffer> | undefined {
  const generation = context.working.current();
  return generation === undefined ? undefined : readBytesIfAny(join(generation.path, root, name));
}

export function heldCompanions(context: LookContext, root: RepositoryPath | ""): readonly SignatureFile[] {
  return (["Release", "Release.gpg"] as const).flatMap((name) => {
    const bytes = readHeld(context, root, name);
    return bytes === undefined ? [] : [{ name, bytes, lastModified: undefined }];
  });
}

/** False where Release or Release.gpg is known to have come as other bytes, or is there no longer. */
export function isAsCame(context: LookContext, root: RepositoryPath | ""): boolean {
  const came = context.state?.facts?.signatureFiles;
  return (["Release", "Release.gpg"] as const).every((name) => {
    const bytes = readHeld(context, root, name);
    const sha256 = bytes && digestsOf(bytes).sha256;
    return came === undefined || sha256 === came[signaturePath(root, name)];
  });
}

/** True where the working mirror has these signature files of a suite, byte for byte, and no other. */
export function holdsJust(
  context: LookContext,
  root: RepositoryPath | "",
  files: readonly SignatureFile[],
): boolean {
  return (["InRelease", "Release", "Release.gpg"] as const).every((name) => {
    const held = readHeld(context, root, name);
    const file = files.find((candidate) => candidate.name === name);
    return held === undefined ? file === undefined : file !== undefined && file.bytes.equals(held);
  });
}

/** What is held of a suite, in whichever of its forms: a server that hides InRelease must not get past comparisons. */
export function heldReleases(context: LookContext, root: RepositoryPath | ""): readonly Release[] {
  const inline = readHeld(context, root, "InRelease");
  const detached = readHeld(context, root, "Release");
  return [
    inline && parseHeld(() => readUnverifiedInRelease(inline).text),
    detached && parseHeld(() => detached.toString("latin1")),
  ].filter((release) => release !== undefined);
}

/** Undefined for a file that the disk has damaged since it was verified: there is nothing to compare with. */
function parseHeld(read: () => string): Release | undefined {
  try {
    return parseRelease(read(), "the Release held");
  } catch (error) {
    if (error instanceof TrustError || error instanceof RepositoryError) return undefined;
    throw error;
  }
}
