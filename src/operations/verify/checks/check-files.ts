import { filesOf, type ListedFiles, type UnnamedPackage } from "../../../contents/index.ts";
import { paced, pacedBatches } from "../../../platform/flow/paced.ts";
import type { FilesRemark, TreeRemark } from "../../../report/words/verify/tree-remarks.ts";
import type { ListedFile } from "../../../repository/index.ts";
import { walkOwnInGroups } from "../../../snapshot/index.ts";
import { type ExpectedFile, expectedFiles } from "./expected-files.ts";
import { type Damage, type Findings, noFindings } from "./findings.ts";
import { lookAt } from "./look-at.ts";
import { type FoundFile, readFiles } from "./read-files.ts";
import type { OpenTree } from "./tree.ts";
import type { Verification } from "./verification.ts";

/**
 * Checks that every file that the indices list exists with its size, and with `deep` reads it; looks for strangers
 * meanwhile. A missing file is not damage while `mayBeLeftOut` says that filters may have left it out.
 *
 * @param metadata undefined: not all of it is known, so that nobody can say what a stranger is, or nobody asks.
 */
export async function checkFiles(
  verification: Verification,
  tree: OpenTree,
  listed: ListedFiles,
  metadata: readonly string[] | undefined,
  mayBeLeftOut: boolean,
): Promise<Findings> {
  const expected = expectedFiles(listed, verification.allDigests);
  const { files, unread, damages, lacked, leftOut } = await findFiles(
    verification,
    tree,
    expected,
    mayBeLeftOut,
  );
  const reading = verification.deep ? readFiles(verification, tree, unread) : noneRead;
  const looking = metadata === undefined ? [] : findStrangers(verification.signal, tree, listed, metadata);
  await Promise.allSettled([reading, looking]); // or one would go on if the other fails
  const [read, strangers] = [await reading, await looking];
  return {
    files: files + damages.length,
    damages: [...damages, ...read.damages],
    faults: [],
    remarks: [
      ...remarkOn("files-lacked", lacked),
      ...remarkOn("files-filtered", leftOut),
      ...remarkOn("packages-unnamed", listed.unnamed.map(nameOf)),
      ...strangers,
    ],
    contradictions: read.contradictions,
    isPartial: false,
  };
}

const noneRead = { damages: [], contradictions: [] };

/** Checks that every planned file exists with its size. */
export async function checkPlanned(
  verification: Verification,
  tree: OpenTree,
  planned: Iterable<ListedFile>,
): Promise<Findings> {
  const expected = Iterator.from(planned).map((file) => ({ file, listings: [], isLeftOut: false }));
  const { files, damages, lacked } = await findFiles(verification, tree, expected, false);
  const remarks = remarkOn("files-lacked", lacked);
  return { ...noFindings, files: files + damages.length, damages, remarks };
}

/** Remarks on files in a tree that nothing in it lists: somebody else's, and left alone. */
async function findStrangers(
  signal: AbortSignal,
  tree: OpenTree,
  { plan, leftOut }: ListedFiles,
  metadata: readonly string[],
): Promise<readonly TreeRemark[]> {
  const namesLeftOut = leftOut.flatMap(({ item }) => filesOf(item)).map(({ path }) => path);
  const known = new Set<string>([...metadata, ...namesLeftOut]);
  const strangers: string[] = [];
  for await (const paths of paced(walkOwnInGroups(tree.path), signal, groupsPerTurn))
    for (const path of paths) if (!plan.has(path) && !known.has(path)) strangers.push(path);
  return remarkOn("files-unlisted", strangers);
}

/** Most groups are directories of a few files. */
const groupsPerTurn = 50;

/** Of which each takes a look. */
const filesPerTurn = 250;

/**
 * Counts the files that exist with their size. Returns those that deep checks read, the damages, and the paths of files that
 * are missing for a reason.
 */
async function findFiles(
  { signal, deep }: Verification,
  tree: OpenTree,
  expected: Iterable<ExpectedFile>,
  mayBeLeftOut: boolean,
) {
  let files = 0;
  const unread: FoundFile[] = [];
  const damages: Damage[] = [];
  const lacked: string[] = [];
  const leftOut: string[] = [];
  const missingAtUpstream = new Set(tree.facts?.missing);
  const look = ({ file, listings, isLeftOut }: ExpectedFile): void => {
    const seen = lookAt(tree, file);
    if (seen.kind === "there") {
      files++;
      if (deep) unread.push({ file, listings, inode: seen.inode });
    } else if (seen.kind === "damaged") damages.push(seen.damage);
    else if (missingAtUpstream.has(file.path)) lacked.push(file.path);
    else if (isLeftOut || mayBeLeftOut) leftOut.push(file.path);
    else damages.push(seen.damage);
  };
  for await (const batch of pacedBatches(expected, signal, filesPerTurn)) batch.forEach(look);
  return { files, unread, damages, lacked, leftOut };
}

const nameOf = ({ name, version }: UnnamedPackage): string => `${name} ${version}`;

const namesMax = 1_000;

const remarkOn = (kind: FilesRemark["kind"], names: readonly string[]): readonly FilesRemark[] =>
  names.length === 0 ? [] : [{ kind, files: names.length, names: names.slice(0, namesMax) }];
