import { join, posix } from "node:path";
import { MirrorctlError } from "../../../errors.ts";
import { readSmallFileIfAny, statLinkIfAny } from "../../../platform/look.ts";
import { digestsOf } from "../../../platform/running-digests.ts";
import {
  type SignatureFileName,
  type Suite,
  signatureBytesMax,
  signatureFileNames,
} from "../../../repository/index.ts";
import type { SignaturePolicy } from "../../../trust/index.ts";
import type { Damage } from "../checks/findings.ts";
import { type ReleaseBytes, readSigned } from "../checks/read-signed.ts";
import type { DamagedContent, FoundBytes } from "./damaged-content.ts";
import type { RepairPorts } from "./repair-ports.ts";
import { treesOf } from "./survey-trees.ts";

/** InRelease, or Release with Release.gpg. */
type SignedFiles = ReadonlyMap<SignatureFileName, FoundBytes>;

/**
 * Finds a signature file whose digest was not recorded, in another tree or at upstream: one with a good signature, whose
 * Release has the Date of the tree's. Returns undefined if there is none.
 */
export async function findSignatureFile(
  ports: RepairPorts,
  damage: Damage,
): Promise<DamagedContent | undefined> {
  const { tree, suite, file } = damage;
  const name = signatureFileNames.find((one) => one === posix.basename(file.path));
  const date = suite && tree.releases.get(suite.name);
  if (suite === undefined || name === undefined || date === undefined) return undefined;
  for await (const files of candidates(ports, suite, name)) {
    const bytes = releaseIn(files);
    const found = files.get(name);
    if (bytes === undefined || found === undefined) continue;
    if ((await dateOf(ports.policy, damage, bytes)) !== date) continue;
    const { sha256 } = digestsOf(found.bytes);
    const identified = { ...file, sizeBytes: found.bytes.length, digests: { sha256 } };
    return { file: identified, sources: [file.path], damages: [damage], found };
  }
  return undefined;
}

/** Returns undefined for a Release that has no good signature, or that cannot be parsed. */
async function dateOf(
  policy: SignaturePolicy | undefined,
  { tree, file }: Damage,
  bytes: ReleaseBytes,
): Promise<string | undefined> {
  try {
    const { release } = await readSigned(policy, tree.madeAt, bytes, file.path);
    return release.date?.toISOString();
  } catch (error) {
    if (!(error instanceof MirrorctlError)) throw error;
    return undefined;
  }
}

function releaseIn(files: SignedFiles): ReleaseBytes | undefined {
  const inRelease = files.get("InRelease")?.bytes;
  if (inRelease !== undefined) return { inRelease };
  const release = files.get("Release")?.bytes;
  return release === undefined ? undefined : { release, signature: files.get("Release.gpg")?.bytes };
}

/** Yields the files of each tree, then those of upstream. */
async function* candidates(
  { mirrors, source, now }: RepairPorts,
  suite: Suite,
  name: SignatureFileName,
): AsyncGenerator<SignedFiles> {
  const names: readonly SignatureFileName[] = name === "InRelease" ? [name] : ["Release", "Release.gpg"];
  for (const { path: tree } of await treesOf(mirrors)) {
    const files = new Map<SignatureFileName, FoundBytes>();
    for (const one of names) {
      const path = join(tree, suite.path(one));
      const modifiedAt = statLinkIfAny(path)?.mtime;
      const bytes = readSmallFileIfAny(path, signatureBytesMax[one]);
      if (bytes !== undefined && modifiedAt !== undefined)
        files.set(one, { bytes, modifiedAt, from: "tree" });
    }
    yield files;
  }
  const files = new Map<SignatureFileName, FoundBytes>();
  for (const one of names) {
    const fetched = await source.fetchSignatureFile(suite, one);
    if (fetched === undefined) continue;
    files.set(one, { bytes: fetched.bytes, modifiedAt: fetched.lastModified ?? now, from: "upstream" });
  }
  yield files;
}
