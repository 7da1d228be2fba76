import { join } from "node:path";
import { hasCode } from "../../../errors.ts";
import { inodeIfAny, readBytes } from "../../../platform/look.ts";
import { digestsOf } from "../../../platform/running-digests.ts";
import type { DamageProblem } from "../../../report/words/verify/damage-problem.ts";
import {
  type ListedFile,
  type RepositoryPath,
  type SignatureFileName,
  type Suite,
  signatureBytesMax,
  signatureFileNames,
} from "../../../repository/index.ts";
import { codesOfReading, type Damage } from "./findings.ts";
import { lookAt } from "./look-at.ts";
import type { OpenTree } from "./tree.ts";

/** InRelease, Release and Release.gpg of a suite in a tree. */
export interface SignatureFiles {
  /** The bytes of those that exist and, if the sync recorded their digests, have the bytes that it downloaded. */
  readonly held: ReadonlyMap<SignatureFileName, Buffer>;
  readonly damages: readonly Damage[];
  /** The paths of all that should exist. */
  readonly expected: readonly RepositoryPath[];
}

export function readSignatureFiles(tree: OpenTree, suite: Suite, isSigned: boolean): SignatureFiles {
  const held = new Map<SignatureFileName, Buffer>();
  const damages: Damage[] = [];
  const files = expectedNames(tree, suite, isSigned).map((name) => ({
    name,
    file: signatureFile(tree, suite, name),
  }));
  for (const { name, file } of files) {
    const read = readOne(tree, suite, file);
    if (Buffer.isBuffer(read)) held.set(name, read);
    else damages.push(read);
  }
  return { held, damages, expected: files.map(({ file }) => file.path) };
}

/** Returns the file without digests if none was recorded. */
export function signatureFile({ facts }: OpenTree, suite: Suite, name: SignatureFileName): ListedFile {
  const path = suite.path(name);
  const sha256 = facts?.signatureFiles[path];
  return { path, sizeBytes: undefined, digests: sha256 === undefined ? {} : { sha256 } };
}

/** Returns those that the sync downloaded; if that is not recorded, those that exist and those that must exist with them. */
function expectedNames(tree: OpenTree, suite: Suite, isSigned: boolean): readonly SignatureFileName[] {
  const recorded = tree.facts?.signatureFiles;
  if (recorded !== undefined)
    return signatureFileNames.filter((name) => recorded[suite.path(name)] !== undefined);
  const existing = signatureFileNames.filter(
    (name) => inodeIfAny(join(tree.path, suite.path(name))) !== undefined,
  );
  const [hasInline, hasRelease, hasSignature] = signatureFileNames.map((name) => existing.includes(name));
  if (!hasInline && !hasRelease) return ["InRelease"];
  const isHalf = hasRelease ? !hasSignature && !hasInline && isSigned : hasSignature;
  return isHalf ? [...new Set([...existing, "Release", "Release.gpg"] as const)] : existing;
}

function readOne(tree: OpenTree, suite: Suite, file: ListedFile): Buffer | Damage {
  const sources = [file.path];
  const look = lookAt(tree, file, sources);
  if (look.kind !== "there") return { ...look.damage, suite };
  const { inode } = look;
  const damage = (problem: DamageProblem): Damage => ({
    tree,
    problem,
    file,
    sources,
    inode,
    suite,
  });
  if (inode.sizeBytes > signatureBytesMax.Release)
    return damage({ kind: "size-differs", sizeBytes: inode.sizeBytes, expectedBytes: undefined });
  const bytes = readIfReadable(join(tree.path, file.path));
  if (bytes instanceof Error) return damage({ kind: "unreadable", reason: bytes.message });
  const { sha256 } = digestsOf(bytes);
  const expected = file.digests.sha256;
  if (expected === undefined || expected === sha256) return bytes;
  return damage({ kind: "digest-differs", algorithm: "sha256", found: sha256, expected });
}

function readIfReadable(path: string): Buffer | Error {
  try {
    return readBytes(path);
  } catch (error) {
    if (hasCode(error, ...codesOfReading)) return error;
    throw error;
  }
}
