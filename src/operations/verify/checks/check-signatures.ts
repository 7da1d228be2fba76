import { MirrorctlError } from "../../../errors.ts";
import type { DamageProblem } from "../../../report/words/verify/damage-problem.ts";
import type { TreeRemark } from "../../../report/words/verify/tree-remarks.ts";
import {
  isSameText,
  type Release,
  type SignatureFileName,
  type Suite,
  sameRelease,
} from "../../../repository/index.ts";
import { readUnverifiedInRelease, type SignaturePolicy } from "../../../trust/index.ts";
import type { Damage, Findings } from "./findings.ts";
import { lookAt } from "./look-at.ts";
import { isOfTheBytes, type ReleaseBytes, readSigned } from "./read-signed.ts";
import { readSignatureFiles, type SignatureFiles, signatureFile } from "./signature-files.ts";
import type { OpenTree } from "./tree.ts";
import type { Verification } from "./verification.ts";

export interface CheckedSuite extends Findings {
  readonly suite: Suite;
  /** Undefined if the tree has no Release of the suite that can be trusted. */
  readonly release: Release | undefined;
  /** The paths of its signature files. */
  readonly paths: readonly string[];
}

/** Checks that the signature files of a suite are those that the sync downloaded, and verifies their signatures. */
export async function checkSignatures(
  { policy, now }: Verification,
  tree: OpenTree,
  suite: Suite,
): Promise<CheckedSuite> {
  const isSigned = policy !== undefined;
  const { held, damages, expected } = readSignatureFiles(tree, suite, isSigned);
  const read: ReadRelease[] = [];
  for (const bytes of releasesIn(held, isSigned)) read.push(await readRelease(policy, tree, suite, bytes));
  const releases = read.flatMap(({ release }) => (release === undefined ? [] : [release]));
  const [release] = releases;
  const problem = { kind: "differs-from-inrelease" } as const;
  return {
    suite,
    release,
    paths: expected,
    contradictions: [],
    files: expected.length,
    damages: [
      ...damages,
      ...read.flatMap((one) => one.damages),
      ...accuse(tree, suite, differingFromInRelease(tree, held, read.length, releases), problem),
    ],
    faults: read.flatMap(({ faults }) => faults),
    remarks: [...read.flatMap(({ remarks }) => remarks), ...remarkOnAge(now, suite, release)],
    isPartial: release === undefined,
  };
}

/** Yields the files of each Release that has a signature. InRelease is first: clients use it. */
function* releasesIn(held: SignatureFiles["held"], isSigned: boolean): Generator<ReleaseBytes> {
  const inRelease = held.get("InRelease");
  if (inRelease !== undefined) yield { inRelease };
  const release = held.get("Release");
  const signature = held.get("Release.gpg");
  if (release !== undefined && (signature !== undefined || !isSigned)) yield { release, signature };
}

function differingFromInRelease(
  tree: OpenTree,
  held: SignatureFiles["held"],
  readCount: number,
  [release, other]: readonly Release[],
): readonly SignatureFileName[] {
  if (release === undefined) return [];
  if (other !== undefined) return sameRelease(release, other) ? [] : ["Release", "Release.gpg"];
  return readCount === 1 && hasOtherUnsignedText(tree, held) ? ["Release"] : [];
}

/**
 * A sync keeps a Release without a usable signature if its text equals InRelease. If the downloaded bytes are recorded,
 * they have been compared already.
 */
function hasOtherUnsignedText({ facts }: OpenTree, held: SignatureFiles["held"]): boolean {
  const [inRelease, release] = [held.get("InRelease"), held.get("Release")];
  if (facts !== undefined || inRelease === undefined || release === undefined) return false;
  return !held.has("Release.gpg") && !isSameText(release, readUnverifiedInRelease(inRelease).text);
}

type ReadRelease = Pick<Findings, "damages" | "faults" | "remarks"> & Pick<CheckedSuite, "release">;

async function readRelease(
  policy: SignaturePolicy | undefined,
  tree: OpenTree,
  suite: Suite,
  bytes: ReleaseBytes,
): Promise<ReadRelease> {
  const names: readonly [SignatureFileName, ...SignatureFileName[]] =
    "inRelease" in bytes ? ["InRelease"] : ["Release", "Release.gpg"];
  const path = suite.path(names[0]);
  const nothing = { release: undefined, damages: [], faults: [], remarks: [] };
  try {
    const { release, remarks } = await readSigned(policy, tree.madeAt, bytes, path);
    return { ...nothing, release, remarks };
  } catch (error) {
    if (!(error instanceof MirrorctlError)) throw error;
    const { message: reason } = error;
    // If the bytes are known to be those that were downloaded, it is the keys that changed.
    if (tree.facts === undefined && isOfTheBytes(error))
      return { ...nothing, damages: accuse(tree, suite, names, { kind: "signature-refused", reason }) };
    return { ...nothing, faults: [{ kind: "signature-refused", path, reason, hint: error.hint }] };
  }
}

/** Returns a damage for each of several files: one of them is wrong, and nothing says which. */
function accuse(
  tree: OpenTree,
  suite: Suite,
  names: readonly SignatureFileName[],
  problem: DamageProblem,
): readonly Damage[] {
  return names.flatMap((name) => {
    const file = signatureFile(tree, suite, name);
    const { path } = file;
    const look = lookAt(tree, file);
    if (look.kind !== "there") return []; // already among the damages
    return [{ tree, problem, file, sources: [path], inode: look.inode, suite }];
  });
}

/** An expired Release is a remark: the tree is unchanged, and `status` reports what clients do with it. */
function remarkOnAge(now: Date, { name }: Suite, release: Release | undefined): readonly TreeRemark[] {
  const validUntil = release?.validUntil;
  if (validUntil === undefined || validUntil > now) return [];
  return [{ kind: "release-expired", suite: name, validUntil }];
}
