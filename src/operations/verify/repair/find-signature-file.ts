import { join, posix } from "node:path";
import { MirrorctlError } from "../../../errors.ts";
import { readBytesIfAny, statLinkIfAny } from "../../../platform/files.ts";
import { digestsOf } from "../../../platform/running-digests.ts";
import { type SignatureFileName, Suite } from "../../../repository/index.ts";
import { type ReleaseBytes, readSigned } from "../checks/read-signed.ts";
import type { BrokenFile, BrokenName, FoundBytes } from "./broken-file.ts";
import type { Repair } from "./repair.ts";
import { treesOf } from "./survey-trees.ts";

/** InRelease, or Release and Release.gpg, which belong together. */
type SignedFiles = ReadonlyMap<SignatureFileName, FoundBytes>;

/**
 * A signature file of which nobody recorded a digest: from another tree or from upstream, if what is there is signed as it
 * has to be, and of the very Date that the tree is of. Undefined where there is no such.
 */
export async function findSignatureFile(repair: Repair, broken: BrokenName): Promise<BrokenFile | undefined> {
  const { tree, damage } = broken;
  const { suite = "", file } = damage;
  const date = tree.releases.get(suite);
  if (date === undefined) return undefined;
  const name = posix.basename(file.path) as SignatureFileName;
  for await (const files of candidates(repair, new Suite(suite), name)) {
    const bytes = bytesOf(files);
    const found = files.get(name);
    if (bytes === undefined || found === undefined) continue;
    if ((await dateOf(repair, broken, bytes)) !== date) continue;
    const { sha256 } = digestsOf(found.bytes);
    const identified = { ...file, sizeBytes: found.bytes.length, digests: { sha256 } };
    return { file: identified, sources: [file.path], names: [broken], found };
  }
  return undefined;
}

/** Undefined for what is not signed as it has to be, or is no Release. */
async function dateOf(
  { verification }: Repair,
  { tree, damage }: BrokenName,
  bytes: ReleaseBytes,
): Promise<string | undefined> {
  try {
    const { release } = await readSigned(verification, tree, bytes, damage.file.path);
    return release.date?.toISOString();
  } catch (error) {
    if (!(error instanceof MirrorctlError)) throw error;
    return undefined;
  }
}

function bytesOf(files: SignedFiles): ReleaseBytes | undefined {
  const inRelease = files.get("InRelease")?.bytes;
  if (inRelease !== undefined) return { inRelease };
  const release = files.get("Release")?.bytes;
  return release === undefined ? undefined : { release, signature: files.get("Release.gpg")?.bytes };
}

/** Nearest first. */
async function* candidates(
  { mirrors, source, verification }: Repair,
  suite: Suite,
  name: SignatureFileName,
): AsyncGenerator<SignedFiles> {
  const together: readonly SignatureFileName[] = name === "InRelease" ? [name] : ["Release", "Release.gpg"];
  const paths = together.map((one) => [one, suite.path(one)] as const);
  for (const { path: tree } of mirrors.flatMap(treesOf)) {
    const files = new Map<SignatureFileName, FoundBytes>();
    for (const [one, path] of paths) {
      const modifiedAt = statLinkIfAny(join(tree, path))?.mtime;
      const bytes = readBytesIfAny(join(tree, path));
      if (bytes !== undefined && modifiedAt !== undefined)
        files.set(one, { bytes, modifiedAt, from: "tree" });
    }
    yield files;
  }
  const files = new Map<SignatureFileName, FoundBytes>();
  for (const one of together) {
    const fetched = await source.fetchSignatureFile(suite, one);
    if (fetched === undefined) continue;
    const modifiedAt = fetched.lastModified ?? verification.context.now();
    files.set(one, { bytes: fetched.bytes, modifiedAt, from: "upstream" });
  }
  yield files;
}
