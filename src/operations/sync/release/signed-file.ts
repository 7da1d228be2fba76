import type { Suite } from "../../../repository/index.ts";
import type { Upstream } from "../../../upstream/index.ts";
import { noRelease } from "./detached-release.ts";
import { assertNotForbidden } from "./forbidden.ts";
import type { ReleasePorts } from "./held-suite.ts";
import { downloadSignatureFile, downloadUnlessForbidden } from "./signature-files.ts";
import { unsigned } from "./verify-release.ts";

/** What a sync would verify, unverified. */
export type SignedFile =
  | { readonly name: "InRelease"; readonly bytes: Uint8Array }
  | { readonly name: "Release.gpg"; readonly bytes: Uint8Array; readonly release: Uint8Array };

interface SignedFilePorts extends Pick<ReleasePorts, "mirror" | "signal"> {
  readonly suite: Suite;
  readonly upstream: Upstream;
}

/**
 * Downloads the file with the signatures of a suite, to look at its signatures: InRelease or, if there is none, Release.gpg
 * and the Release that it signs. Requests nothing else.
 */
export async function downloadSigned(ports: SignedFilePorts): Promise<SignedFile> {
  const inRelease = await downloadSignatureFile(ports, "InRelease");
  if (inRelease.kind === "downloaded") return { name: "InRelease", bytes: inRelease.file.bytes };
  if (inRelease.kind === "not-modified") throw new Error("the request had no validators");
  assertNotForbidden(inRelease);
  const release = await downloadUnlessForbidden(ports, "Release");
  if (release === undefined) throw noRelease(ports, inRelease);
  const signature = await downloadUnlessForbidden(ports, "Release.gpg");
  if (signature === undefined) throw unsigned(ports.suite);
  return { name: "Release.gpg", bytes: signature.bytes, release: release.bytes };
}
