import { join } from "node:path";
import type { Listing } from "../../../plan/index.ts";
import type { Inode } from "../../../platform/files.ts";
import { pacedBatches } from "../../../platform/paced.ts";
import { type Digests, digestAlgorithms } from "../../../repository/index.ts";
import type { ExpectedFile } from "./expected-files.ts";
import type { Damage, Findings } from "./findings.ts";
import { type InodeDigests, type UnreadFile, unreadable } from "./inode-digests.ts";
import type { OpenTree } from "./tree.ts";
import type { Verification } from "./verification.ts";

/** An expected file that exists with its size. */
export interface FoundFile extends Pick<ExpectedFile, "file" | "listings"> {
  readonly inode: Inode;
}

/** Reads files and compares them with the digests that decide, and with those of their listings. */
export async function readFiles(
  { digests, emit, signal }: Pick<Verification, "digests" | "emit" | "signal">,
  tree: OpenTree,
  files: readonly FoundFile[],
): Promise<Pick<Findings, "damages" | "contradictions">> {
  const unread = unreadFiles(digests, tree, files);
  const sizeBytes = unread.reduce((sum, { inode }) => sum + inode.sizeBytes, 0);
  emit({ type: "reading-planned", files: unread.length, sizeBytes });
  const failures = new Map<string, Error>();
  for await (const batch of digests.readAll(unread)) {
    for (const [{ path }, found] of batch) {
      if (found instanceof Error) failures.set(path, found);
      emit({ type: "file-read" });
    }
  }
  emit({ type: "reading-ended" });
  const damages: Damage[] = [];
  const contradictions: Findings["contradictions"][number][] = [];
  for await (const some of pacedBatches(files, signal, filesPerTurn)) {
    for (const file of some) {
      if (failures.size === 0 && file.listings.length === 0 && digests.isKnownToBe(file.inode, file.file))
        continue;
      const compared = await compareFile(digests, tree, file, failures);
      if ("problem" in compared) damages.push(compared);
      else contradictions.push(...compared);
    }
  }
  return { damages, contradictions };
}

/** Nearly all are known, so that no system call is made. */
const filesPerTurn = 1_000;

/** Returns one name of each inode that must be read. */
function unreadFiles(
  digests: InodeDigests,
  tree: OpenTree,
  files: readonly FoundFile[],
): readonly UnreadFile[] {
  const unread = new Map<string, UnreadFile>();
  for (const found of files) {
    const { file, inode } = found;
    const needed = neededDigests(found);
    const known = unread.get(inode.version);
    if (known !== undefined) unread.set(inode.version, { ...known, listed: { ...needed, ...known.listed } });
    else if (!digests.knows(inode, needed))
      unread.set(inode.version, { path: join(tree.path, file.path), inode, listed: needed });
  }
  return [...unread.values()];
}

/** Compares a file. One that could not be read is not read again; another name of its inode is. */
async function compareFile(
  digests: InodeDigests,
  tree: OpenTree,
  { file, listings, inode }: FoundFile,
  failures: ReadonlyMap<string, Error>,
): Promise<Damage | Findings["contradictions"]> {
  const path = join(tree.path, file.path);
  const damage = (problem: Damage["problem"]): Damage => ({
    tree,
    problem,
    file,
    sources: [file.path],
    inode,
  });
  const failure = failures.get(path);
  if (failure !== undefined) return damage(unreadable(failure));
  const found = listings.length > 0 ? await digests.find(path, inode, algorithmsOf(listings)) : undefined;
  const problem = await digests.problemOf(path, inode, file);
  if (problem !== undefined) return damage(problem);
  return found === undefined ? [] : contradictionsOf(file.path, found, listings);
}

/** Returns one digest of each algorithm that a file is compared in. */
const neededDigests = ({ file, listings }: FoundFile): Digests =>
  listings.length === 0 ? file.digests : { ...algorithmsOf(listings), ...file.digests };

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
