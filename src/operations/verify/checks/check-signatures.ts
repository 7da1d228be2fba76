import { MirrorctlError } from "../../../errors.ts";
import { messageOf } from "../../../report/errors.ts";
import {
  isSameText,
  joinPath,
  normalizePath,
  type Release,
  type RepositoryPath,
  type SignatureFileName,
  Suite,
  sameRelease,
} from "../../../repository/index.ts";
import { readUnverifiedInRelease } from "../../../trust/index.ts";
import type { Damage, Findings, OpenTree } from "./findings.ts";
import { lookAt } from "./look-at.ts";
import { isOfTheBytes, type ReleaseBytes, readSigned } from "./read-signed.ts";
import { type HeldFiles, readSignatureFiles, signatureFile } from "./signature-files.ts";
import type { Verification } from "./verification.ts";

export interface CheckedSuite extends Findings {
  readonly suite: string;
  readonly root: RepositoryPath | "";
  /** What is signed; undefined where nothing in the tree says so. */
  readonly release: Release | undefined;
  /** Of the files that came. */
  readonly paths: readonly string[];
}

/** Verifies the signed files of a suite: each that came has to be there, the bytes that came, and well signed. */
export async function checkSignatures(
  verification: Verification,
  tree: OpenTree,
  suite: string,
): Promise<CheckedSuite> {
  const root = new Suite(suite).root;
  const isSigned = verification.keyring !== undefined;
  const { held, damages, expected } = readSignatureFiles(tree, { suite, root }, isSigned);
  const read = [];
  for (const bytes of releasesIn(held, isSigned))
    read.push(await readOne(verification, tree, { suite, root }, bytes));
  const [release, other] = read.flatMap((one) => (one.release === undefined ? [] : [one.release]));
  const isOther = other !== undefined && release !== undefined && !sameRelease(release, other);
  const isLone = read.length === 1 && release !== undefined && isLoneAndOther(tree, held);
  const disagreeing: readonly SignatureFileName[] = isOther
    ? ["Release", "Release.gpg"]
    : isLone
      ? ["Release"]
      : [];
  return {
    suite,
    root,
    release,
    paths: expected,
    contradictions: [],
    files: expected.length,
    damages: [
      ...damages,
      ...read.flatMap((one) => one.damages),
      ...accuse(tree, { suite, root }, disagreeing, "it does not say what InRelease says"),
    ],
    faults: read.flatMap(({ faults }) => faults),
    remarks: [...read.flatMap(({ remarks }) => remarks), ...remarkOnAge(verification, suite, release)],
    isPartial: release === undefined,
  };
}

/** What says by itself that it is signed. InRelease first: clients go by it. */
function* releasesIn(held: HeldFiles, isSigned: boolean): Generator<ReleaseBytes> {
  const inRelease = held.get("InRelease");
  if (inRelease !== undefined) yield { inRelease };
  const release = held.get("Release");
  const signature = held.get("Release.gpg");
  if (release !== undefined && (signature !== undefined || !isSigned)) yield { release, signature };
}

/**
 * Upstreams may have a Release without a signature of its own: a sync takes it where it is InRelease's text, word for
 * word. Where it is recorded which bytes came, these have been compared by now.
 */
function isLoneAndOther({ facts }: OpenTree, held: HeldFiles): boolean {
  const [inRelease, release] = [held.get("InRelease"), held.get("Release")];
  if (facts !== undefined || inRelease === undefined || release === undefined) return false;
  return !held.has("Release.gpg") && !isSameText(release, readUnverifiedInRelease(inRelease).text);
}

type ReadRelease = Pick<Findings, "damages" | "faults" | "remarks"> & {
  readonly release: Release | undefined;
};

async function readOne(
  verification: Verification,
  tree: OpenTree,
  suite: Pick<CheckedSuite, "suite" | "root">,
  bytes: ReleaseBytes,
): Promise<ReadRelease> {
  const names: readonly [SignatureFileName, ...SignatureFileName[]] =
    "inRelease" in bytes ? ["InRelease"] : ["Release", "Release.gpg"];
  const path = joinPath(suite.root, normalizePath(names[0]));
  const nothing = { release: undefined, damages: [], faults: [], remarks: [] };
  try {
    const { release, remarks } = await readSigned(verification, tree, bytes, path);
    return { ...nothing, release, remarks: remarks.map((remark) => `${path}: ${remark}`) };
  } catch (error) {
    if (!(error instanceof MirrorctlError)) throw error;
    // Where the bytes are known to be those that came, it is the keys that are others.
    if (tree.facts === undefined && isOfTheBytes(error))
      return { ...nothing, damages: accuse(tree, suite, names, messageOf(error)) };
    const hint = error.hint === undefined ? "" : `\n${error.hint}`;
    return { ...nothing, faults: [`${path}: ${error.message}${hint}`] };
  }
}

/** One of several files is not what it has to be, and nobody knows which. */
function accuse(
  tree: OpenTree,
  { suite, root }: Pick<CheckedSuite, "suite" | "root">,
  names: readonly SignatureFileName[],
  problem: string,
): readonly Damage[] {
  return names.flatMap((name) => {
    const file = signatureFile(tree, root, name);
    const look = lookAt(tree, file);
    if (look.kind !== "there") return []; // said already
    return [{ problem: `${file.path}: ${problem}`, file, sources: [file.path], inode: look.inode, suite }];
  });
}

/** What clients make of a Release that has expired is what `status` tells; the tree is as whole as it was. */
function remarkOnAge(
  { context }: Verification,
  suite: string,
  release: Release | undefined,
): readonly string[] {
  const until = release?.validUntil;
  if (until === undefined || until > context.now()) return [];
  return [`${suite}: the Release has expired (Valid-Until ${until.toISOString()}); clients refuse it`];
}
