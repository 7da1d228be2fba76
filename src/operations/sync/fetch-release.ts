import { join } from "node:path";
import { suiteRoot } from "../../plan/index.ts";
import {
  encodePath,
  parseRelease,
  type Release,
  type RepositoryPath,
  sameRelease,
} from "../../repository/index.ts";
import { checkFreshness, type SigningKey, TrustError } from "../../trust/index.ts";
import { UpstreamError, type Validators } from "../../upstream/index.ts";
import { type BytesAnswer, fetchBytes } from "./fetch-bytes.ts";
import { heldCompanions, heldDate, readHeld } from "./held-release.ts";
import { type SignatureFile, type SignatureFileName, signaturePath } from "./signature-file.ts";
import type { SyncContext } from "./sync-context.ts";
import { verifyDetachedRelease, verifyInlineRelease } from "./verify-release.ts";

/** As much as apt takes (Acquire::MaxReleaseFileSize), and as much again for a signature as nobody makes. */
const releaseBytesMax = 10_000_000;
const signatureBytesMax = 1_000_000;

/** A suite's Release, its signature verified, and the files that it came in. */
export interface SuiteRelease {
  readonly suite: string;
  /** Where the Release stands below the base URL and in the tree: "dists/noble", or "" for a flat suite "/". */
  readonly root: RepositoryPath | "";
  readonly release: Release;
  readonly signedBy: readonly SigningKey[];
  readonly files: readonly SignatureFile[];
  /** The very bytes that the working mirror has. */
  readonly unchanged: boolean;
  /** For the conditional request of the next sync. */
  readonly validators: Validators;
}

/**
 * Asks for a suite's InRelease, conditionally where one is held, and for Release and Release.gpg beside it. Only when
 * InRelease is absent (404 or 410, as for apt) does Release with Release.gpg take its place.
 */
export async function fetchSuiteRelease(context: SyncContext, suite: string): Promise<SuiteRelease> {
  context.emit({ type: "release-requested", suite });
  const root = suiteRoot(suite);
  const held = readHeld(context, root, "InRelease");
  const known = held === undefined ? undefined : context.validatorsOf(suite);
  const answer = await fetchInRelease(context, root, known);
  if (answer.kind === "absent") {
    if (answer.status === 403) throw forbidden(answer.url);
    return fetchDetachedRelease(context, suite, root);
  }
  if (answer.kind === "fetched") return readInRelease(context, suite, root, answer);
  if (held === undefined || known === undefined) throw notModifiedWithoutHeld(root);
  try {
    return await readInRelease(context, suite, root, {
      bytes: held,
      validators: known,
      lastModified: undefined,
    });
  } catch (error) {
    // What is held was good when it came: if it is not now, it may be the disk that changed it.
    if (!(error instanceof TrustError)) throw error;
    const again = await fetchInRelease(context, root, undefined);
    if (again.kind !== "fetched") throw error;
    return readInRelease(context, suite, root, again);
  }
}

const fetchInRelease = (
  context: SyncContext,
  root: RepositoryPath | "",
  validators: Validators | undefined,
): Promise<BytesAnswer> =>
  fetchBytes(context, { path: urlPath(root, "InRelease"), bytesMax: releaseBytesMax, validators });

async function readInRelease(
  context: SyncContext,
  suite: string,
  root: RepositoryPath | "",
  { bytes, validators, lastModified }: Omit<Extract<BytesAnswer, { kind: "fetched" }>, "kind">,
): Promise<SuiteRelease> {
  const { text, signedBy } = await verifyInlineRelease(context, suite, bytes);
  const release = parseRelease(text, join(root, "InRelease"));
  checkAge(context, root, release);
  const unchanged = readHeld(context, root, "InRelease")?.equals(bytes) === true;
  const inRelease: SignatureFile = { name: "InRelease", bytes, lastModified };
  const companions = unchanged
    ? heldCompanions(context, root)
    : await fetchCompanions(context, suite, root, release);
  return { suite, root, release, signedBy, files: [inRelease, ...companions], unchanged, validators };
}

/** A repository that signs in a file apart, as all did once. */
async function fetchDetachedRelease(
  context: SyncContext,
  suite: string,
  root: RepositoryPath | "",
): Promise<SuiteRelease> {
  const released = await fetchFile(context, root, "Release", releaseBytesMax);
  if (released === undefined) {
    throw new UpstreamError(
      "HTTP_STATUS",
      `${context.mirror.id}: upstream has neither ${join(root, "InRelease")} nor Release`,
      {
        hint: "Check url and suites: the Release of a suite stands at <url>/dists/<suite>/, that of a flat one at <url>/<suite>.",
      },
    );
  }
  const signature = await fetchFile(context, root, "Release.gpg", signatureBytesMax);
  const { text, signedBy } = await verifyDetachedRelease(context, suite, released.bytes, signature?.bytes);
  const release = parseRelease(text, join(root, "Release"));
  const held = readHeld(context, root, "Release");
  checkAge(context, root, release);
  return {
    suite,
    root,
    release,
    signedBy,
    files: signature === undefined ? [released] : [released, signature],
    unchanged: held?.equals(released.bytes) === true,
    validators: {},
  };
}

/**
 * Release and Release.gpg beside an InRelease, for the clients that ask for them. They are not replaced together
 * upstream: a pair that does not say what InRelease says is left out.
 */
async function fetchCompanions(
  context: SyncContext,
  suite: string,
  root: RepositoryPath | "",
  inRelease: Release,
): Promise<readonly SignatureFile[]> {
  const released = await fetchFile(context, root, "Release", releaseBytesMax);
  if (released === undefined) return [];
  const signature = await fetchFile(context, root, "Release.gpg", signatureBytesMax);
  if (signature === undefined) return [];
  try {
    const { text } = await verifyDetachedRelease(context, suite, released.bytes, signature.bytes, {
      quiet: true,
    });
    if (sameRelease(parseRelease(text, join(root, "Release")), inRelease)) return [released, signature];
  } catch (error) {
    if (!(error instanceof TrustError)) throw error;
    context.emit({ type: "detail", message: `${join(root, "Release.gpg")}: ${error.message}` });
  }
  const message = `${join(root, "Release")} and Release.gpg do not agree with InRelease and are left out`;
  context.emit({ type: "warning", message });
  return [];
}

async function fetchFile(
  context: SyncContext,
  root: RepositoryPath | "",
  name: SignatureFileName,
  bytesMax: number,
): Promise<SignatureFile | undefined> {
  const answer = await fetchBytes(context, { path: urlPath(root, name), bytesMax });
  return answer.kind === "fetched"
    ? { name, bytes: answer.bytes, lastModified: answer.lastModified }
    : undefined;
}

const urlPath = (root: RepositoryPath | "", name: SignatureFileName): string =>
  encodePath(signaturePath(root, name));

function checkAge(context: SyncContext, root: RepositoryPath | "", release: Release): void {
  const { expired: allowExpired, older: allowOlder } = context.mirror.allow;
  const held = { now: context.now(), heldDate: heldDate(context, root), allowExpired, allowOlder };
  const warnings = checkFreshness(release, held);
  for (const message of [...release.warnings, ...warnings]) context.emit({ type: "warning", message });
}

function forbidden(url: string): UpstreamError {
  return new UpstreamError("HTTP_STATUS", `${url}: the server forbids it (403)`, {
    facts: { url, status: 403 },
    hint: "Check the URL, the credentials in it, and whether the server answers this network at all.",
  });
}

function notModifiedWithoutHeld(root: RepositoryPath | ""): UpstreamError {
  return new UpstreamError(
    "HTTP_STATUS",
    `${join(root, "InRelease")}: the server says "not modified" to a first request`,
    {
      hint: "A cache on the way answers wrongly: bypass it, or ask another mirror of this upstream.",
    },
  );
}
