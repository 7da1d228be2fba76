import { join } from "node:path";
import { hasCode } from "../../../errors.ts";
import { inodeIfAny, readBytes } from "../../../platform/files.ts";
import { digestsOf } from "../../../platform/running-digests.ts";
import {
  joinPath,
  type ListedFile,
  signatureFileNames as names,
  normalizePath,
  type RepositoryPath,
  type SignatureFileName,
  signatureBytesMax,
} from "../../../repository/index.ts";
import { codesOfReading, type Damage, type OpenTree } from "./findings.ts";
import { lookAt } from "./look-at.ts";

/** By name, what they hold. */
export type HeldFiles = ReadonlyMap<SignatureFileName, Buffer>;

/** The suite's own files that a tree has. */
export interface SignatureFiles {
  /** Those that stand and, as far as that is recorded, are the bytes that came. */
  readonly held: HeldFiles;
  readonly damages: readonly Damage[];
  /** The paths of all that should stand. */
  readonly expected: readonly RepositoryPath[];
}

export function readSignatureFiles(
  tree: OpenTree,
  suite: { readonly suite: string; readonly root: RepositoryPath | "" },
  isSigned: boolean,
): SignatureFiles {
  const held = new Map<SignatureFileName, Buffer>();
  const damages: Damage[] = [];
  const files = expectedNames(tree, suite.root, isSigned).map((name) => ({
    name,
    file: signatureFile(tree, suite.root, name),
  }));
  for (const { name, file } of files) {
    const read = readOne(tree, file);
    if (Buffer.isBuffer(read)) held.set(name, read);
    else damages.push({ ...read, suite: suite.suite });
  }
  return { held, damages, expected: files.map(({ file }) => file.path) };
}

/** Without digests where nobody recorded any. */
export function signatureFile(
  { facts }: OpenTree,
  root: RepositoryPath | "",
  name: SignatureFileName,
): ListedFile {
  const path = signaturePath(root, name);
  const sha256 = facts?.signatureFiles[path];
  return { path, sizeBytes: undefined, digests: sha256 === undefined ? {} : { sha256 } };
}

/** Where nobody recorded which files came: those that stand, and what cannot be missing beside them. */
function expectedNames(
  tree: OpenTree,
  root: RepositoryPath | "",
  isSigned: boolean,
): readonly SignatureFileName[] {
  const came = tree.facts?.signatureFiles;
  if (came !== undefined) return names.filter((name) => came[signaturePath(root, name)] !== undefined);
  const standing = names.filter(
    (name) => inodeIfAny(join(tree.path, signaturePath(root, name))) !== undefined,
  );
  const [hasInline, hasRelease, hasSignature] = names.map((name) => standing.includes(name));
  if (!hasInline && !hasRelease) return ["InRelease"];
  const isHalf = hasRelease ? !hasSignature && !hasInline && isSigned : hasSignature;
  return isHalf ? [...new Set([...standing, ...names.slice(1)])] : standing;
}

function readOne(tree: OpenTree, file: ListedFile): Buffer | Damage {
  const sources = [file.path];
  const look = lookAt(tree, file, sources);
  if (look.kind !== "there") return look.damage;
  const { inode } = look;
  const damage = (problem: string): Damage => ({ problem: `${file.path}: ${problem}`, file, sources, inode });
  if (inode.sizeBytes > signatureBytesMax.Release) return damage(`it has ${inode.sizeBytes} bytes`);
  const bytes = readIfReadable(join(tree.path, file.path));
  if (bytes instanceof Error) return damage(`cannot be read: ${bytes.message}`);
  const { sha256 } = digestsOf(bytes);
  const wanted = file.digests.sha256;
  if (wanted === undefined || wanted === sha256) return bytes;
  return damage(`the sha256 digest is ${sha256}, expected ${wanted}`);
}

function readIfReadable(path: string): Buffer | Error {
  try {
    return readBytes(path);
  } catch (error) {
    if (hasCode(error, ...codesOfReading)) return error;
    throw error;
  }
}

const signaturePath = (root: RepositoryPath | "", name: SignatureFileName): RepositoryPath =>
  joinPath(root, normalizePath(name));
