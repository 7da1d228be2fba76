import { join } from "node:path";
import { filesOf, type ListedFiles, type UnnamedPackage } from "../../../contents/index.ts";
import type { Inode } from "../../../platform/files.ts";
import { mapBounded } from "../../../platform/map-bounded.ts";
import { pauseNow } from "../../../platform/pause.ts";
import { countOf } from "../../../report/units.ts";
import { walkOwnPaths } from "../../../snapshot/index.ts";
import { algorithmsOf, contradictionsOf } from "./contradictions.ts";
import { type ExpectedFile, expectedFiles } from "./expected-files.ts";
import type { Contradiction, Damage, Findings, OpenTree } from "./findings.ts";
import { lookAt } from "./look-at.ts";
import type { Verification } from "./verification.ts";

interface Standing extends Pick<ExpectedFile, "file" | "listings"> {
  readonly inode: Inode;
}

/** Grows file by file. */
interface Tally {
  readonly standing: Standing[];
  readonly damages: Damage[];
  /** Paths of what is missing, and it is known why. */
  readonly lacking: string[];
  readonly leftOut: string[];
}

const looksBetweenPauses = 500;
/** Enough for a disk to have something to do while the bytes are hashed. */
const readsAtOnce = 4;

/**
 * Looks for everything that the indices of a tree name, and with `deep` reads it. What is missing while `mayBeLeftOut`
 * says that filters may have kept it out is no damage.
 */
export async function checkFiles(
  verification: Verification,
  tree: OpenTree,
  listed: ListedFiles,
  mayBeLeftOut: boolean,
): Promise<Findings> {
  const { standing, damages, lacking, leftOut } = await lookAtAll(verification, tree, listed, mayBeLeftOut);
  const read = verification.deep ? await readAll(verification, tree, standing) : [];
  const differing = read.flatMap(({ damage }) => (damage === undefined ? [] : [damage]));
  return {
    files: standing.length + damages.length,
    damages: [...damages, ...differing],
    faults: [],
    remarks: [
      ...remarkOn(lacking, "that upstream lacked when this was mirrored"),
      ...remarkOn(leftOut, "left out by filters"),
      ...remarkOn(listed.unnamed.map(nameOf), "listed under a path that is not UTF-8, and left out"),
    ],
    contradictions: read.flatMap(({ contradictions }) => contradictions),
    isPartial: false,
  };
}

/** Files that stand in a tree and that nothing in it names: somebody's own, and left alone. */
export async function findStrangers(
  { context }: Verification,
  tree: OpenTree,
  { plan, leftOut }: ListedFiles,
  paths: readonly string[],
): Promise<readonly string[]> {
  const namesLeftOut = leftOut.flatMap(({ item }) => filesOf(item)).map(({ path }) => path);
  const known = new Set<string>([...paths, ...namesLeftOut]);
  const strangers: string[] = [];
  let looks = 0;
  for (const path of walkOwnPaths(tree.path)) {
    if (!plan.has(path) && !known.has(path)) strangers.push(path);
    if (++looks % looksBetweenPauses === 0) await pauseNow();
    context.signal.throwIfAborted();
  }
  return remarkOn(strangers, "that nothing in it lists");
}

async function lookAtAll(
  { context, allDigests }: Verification,
  tree: OpenTree,
  listed: ListedFiles,
  mayBeLeftOut: boolean,
): Promise<Tally> {
  const tally: Tally = { standing: [], damages: [], lacking: [], leftOut: [] };
  const lackedThen = new Set(tree.facts?.missing);
  let looks = 0;
  for (const { file, listings, isLeftOut } of expectedFiles(listed, allDigests)) {
    const look = lookAt(tree, file);
    if (look.kind === "there") tally.standing.push({ file, listings, inode: look.inode });
    else if (look.kind === "damaged") tally.damages.push(look.damage);
    else if (lackedThen.has(file.path)) tally.lacking.push(file.path);
    else if (isLeftOut || mayBeLeftOut) tally.leftOut.push(file.path);
    else tally.damages.push(look.damage);
    if (++looks % looksBetweenPauses === 0) await pauseNow();
    context.signal.throwIfAborted();
  }
  return tally;
}

interface ReadFile {
  readonly damage: Damage | undefined;
  readonly contradictions: readonly Contradiction[];
}

async function readAll(
  verification: Verification,
  tree: OpenTree,
  standing: readonly Standing[],
): Promise<readonly ReadFile[]> {
  const { context, digests } = verification;
  const isKnown = ({ file, listings, inode }: Standing): boolean =>
    digests.knows(inode, { ...file.digests, ...algorithmsOf(listings) });
  const unread = standing.filter((one) => !isKnown(one));
  const sizeBytes = unread.reduce((sum, { inode }) => sum + inode.sizeBytes, 0);
  context.emit({ type: "reading-planned", files: unread.length, sizeBytes });
  const read = await mapBounded(standing, readsAtOnce, async (one) => {
    const wasKnown = isKnown(one);
    const found = await readOne(verification, tree, one);
    if (!wasKnown) context.emit({ type: "file-read" });
    return found;
  });
  context.emit({ type: "reading-ended" });
  return read;
}

async function readOne(
  { digests }: Verification,
  tree: OpenTree,
  { file, listings, inode }: Standing,
): Promise<ReadFile> {
  const path = join(tree.path, file.path);
  const found = listings.length > 0 ? await digests.find(path, inode, algorithmsOf(listings)) : undefined;
  const problem = await digests.problemOf(path, inode, file);
  if (problem !== undefined)
    return { damage: { problem, file, sources: [file.path], inode }, contradictions: [] };
  const contradictions = found === undefined ? [] : contradictionsOf(file.path, found, listings);
  return { damage: undefined, contradictions };
}

const nameOf = ({ name, version }: UnnamedPackage): string => `${name} ${version}`;

/** "3 files …: a, b, c": nothing of none, and of many the first. */
function remarkOn(paths: readonly string[], what: string): readonly string[] {
  if (paths.length === 0) return [];
  const shown = paths.slice(0, 3).join(", ");
  return [`${countOf(paths.length, "file")} ${what}: ${shown}${paths.length > 3 ? ", …" : ""}`];
}
