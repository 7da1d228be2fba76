import { join } from "node:path";
import type { Listing } from "../../../plan/index.ts";
import { pacedBatches } from "../../../platform/flow/paced.ts";
import type { Inode } from "../../../platform/look.ts";
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

type Reading = Pick<Verification, "digests" | "emit" | "signal">;
type Compared = Pick<Findings, "damages" | "contradictions">;

/** Reads files and compares them with the digests that decide, and with those of their listings. */
export async function readFiles(
  reading: Reading,
  tree: OpenTree,
  files: readonly FoundFile[],
  filesAtOnce = usualFilesAtOnce,
): Promise<Compared> {
  const { digests, emit } = reading;
  const unread = new Map<string, number>();
  for (const found of files) {
    const { version, sizeBytes } = found.inode;
    if (!unread.has(version) && !digests.knows(found.inode, neededDigests(found)))
      unread.set(version, sizeBytes);
  }
  const sizeBytes = unread.values().reduce((sum, bytes) => sum + bytes, 0);
  emit({ type: "reading-planned", files: unread.size, sizeBytes });
  const compared: Compared[] = [];
  for (let at = 0; at < files.length; at += filesAtOnce)
    compared.push(await readSome(reading, tree, files.slice(at, at + filesAtOnce), unread));
  emit({ type: "reading-ended" });
  return {
    damages: compared.flatMap(({ damages }) => damages),
    contradictions: compared.flatMap(({ contradictions }) => contradictions),
  };
}

/** What is known of a file while it is read takes memory. Threads start again for so many (docs/performance.md). */
const usualFilesAtOnce = 16_384;

async function readSome(
  { digests, emit, signal }: Reading,
  tree: OpenTree,
  files: readonly FoundFile[],
  unread: Map<string, unknown>,
): Promise<Compared> {
  const failures = new Map<string, Error>();
  for await (const batch of digests.readAll(takeUnread(unread, tree, files))) {
    for (const [{ path }, found] of batch) {
      if (found instanceof Error) failures.set(path, found);
      emit({ type: "file-read" });
    }
  }
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

/** Returns one name of each inode of these files that is still unread, and takes them for read. */
function takeUnread(
  unread: Map<string, unknown>,
  tree: OpenTree,
  files: readonly FoundFile[],
): readonly UnreadFile[] {
  const taken = new Map<string, UnreadFile>();
  for (const found of files) {
    const { file, inode } = found;
    const needed = neededDigests(found);
    const known = taken.get(inode.version);
    if (known !== undefined) taken.set(inode.version, { ...known, listed: { ...needed, ...known.listed } });
    else if (unread.delete(inode.version))
      taken.set(inode.version, { path: join(tree.path, file.path), inode, listed: needed });
  }
  return [...taken.values()];
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
