import { join } from "node:path";
import type { Listing } from "../../../plan/index.ts";
import type { Inode } from "../../../platform/files.ts";
import { mapBounded } from "../../../platform/map-bounded.ts";
import { type Digests, digestAlgorithms } from "../../../repository/index.ts";
import type { ExpectedFile } from "./expected-files.ts";
import type { Damage, Findings } from "./findings.ts";
import type { InodeDigests } from "./inode-digests.ts";
import type { OpenTree } from "./tree.ts";
import type { Verification } from "./verification.ts";

/** An expected file that exists with its size. */
export interface FoundFile extends Pick<ExpectedFile, "file" | "listings"> {
  readonly inode: Inode;
}

/** Enough to keep a disk busy while bytes are hashed. */
const readsAtOnce = 4;

/** Reads files and compares them with the digests that decide, and with those of their listings. */
export async function readFiles(
  { digests, emit }: Pick<Verification, "digests" | "emit">,
  tree: OpenTree,
  files: readonly FoundFile[],
): Promise<Pick<Findings, "damages" | "contradictions">> {
  const isKnown = ({ file, listings, inode }: FoundFile): boolean =>
    digests.knows(inode, { ...file.digests, ...algorithmsOf(listings) });
  const unread = files.filter((file) => !isKnown(file));
  const sizeBytes = unread.reduce((sum, { inode }) => sum + inode.sizeBytes, 0);
  emit({ type: "reading-planned", files: unread.length, sizeBytes });
  const read = await mapBounded(files, readsAtOnce, async (file) => {
    const wasKnown = isKnown(file);
    const found = await readOne(digests, tree, file);
    if (!wasKnown) emit({ type: "file-read" });
    return found;
  });
  emit({ type: "reading-ended" });
  return {
    damages: read.filter((found) => "problem" in found),
    contradictions: read.flatMap((found) => ("problem" in found ? [] : found)),
  };
}

async function readOne(
  digests: InodeDigests,
  tree: OpenTree,
  { file, listings, inode }: FoundFile,
): Promise<Damage | Findings["contradictions"]> {
  const path = join(tree.path, file.path);
  const found = listings.length > 0 ? await digests.find(path, inode, algorithmsOf(listings)) : undefined;
  const problem = await digests.problemOf(path, inode, file);
  if (problem !== undefined) return { tree, problem, file, sources: [file.path], inode };
  return found === undefined ? [] : contradictionsOf(file.path, found, listings);
}

/** Returns one digest of each algorithm that any listing has: those to compute for a comparison with all of them. */
const algorithmsOf = (listings: readonly Listing[]): Digests =>
  listings.reduce<Digests>((all, { digests }) => ({ ...all, ...digests }), {});

/** Returns every listed digest that differs from what the file hashes to. */
function contradictionsOf(
  path: string,
  found: Digests,
  listings: readonly Listing[],
): Findings["contradictions"] {
  return listings.flatMap(({ source, digests }) =>
    digestAlgorithms.flatMap((algorithm) => {
      const [listed, actual] = [digests[algorithm], found[algorithm]];
      if (listed === undefined || actual === undefined || listed === actual) return [];
      return [{ path, source, algorithm, listed, found: actual }];
    }),
  );
}
