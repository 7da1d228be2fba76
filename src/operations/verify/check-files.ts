import { join } from "node:path";
import type { Inode } from "../../platform/files.ts";
import { pauseNow } from "../../platform/pause.ts";
import { countOf } from "../../report/units.ts";
import type { ListedFile } from "../../repository/index.ts";
import { walkOwnPaths } from "../../snapshot/index.ts";
import { filesOf } from "../sync/listed-package.ts";
import { mapBounded } from "../sync/map-bounded.ts";
import type { ListedFiles } from "../sync/read-indices.ts";
import type { Damage, Findings, OpenTree } from "./findings.ts";
import { lookAt } from "./look-at.ts";
import type { Verification } from "./verification.ts";

interface Standing {
  readonly file: ListedFile;
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
  return {
    files: standing.length + damages.length,
    damages: [...damages, ...read],
    faults: [],
    remarks: [
      ...remarkOn(lacking, "that upstream lacked when this was mirrored"),
      ...remarkOn(leftOut, "left out by filters"),
    ],
  };
}

/** Files that stand in a tree and that nothing in it names: somebody's own, and left alone. */
export async function findStrangers(
  { context }: Verification,
  tree: OpenTree,
  { plan, leftOut }: ListedFiles,
  paths: readonly string[],
): Promise<readonly string[]> {
  const known = new Set<string>([...paths, ...leftOut.flatMap(filesOf).map(({ path }) => path)]);
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
  { context }: Verification,
  tree: OpenTree,
  listed: ListedFiles,
  mayBeLeftOut: boolean,
): Promise<Tally> {
  const tally: Tally = { standing: [], damages: [], lacking: [], leftOut: [] };
  const lackedThen = new Set(tree.facts?.missing);
  let looks = 0;
  for (const { file, isLeftOut } of expectedFiles(listed)) {
    const look = lookAt(tree, file);
    if (look.kind === "there") tally.standing.push({ file, inode: look.inode });
    else if (look.kind === "damaged") tally.damages.push(look.damage);
    else if (lackedThen.has(file.path)) tally.lacking.push(file.path);
    else if (isLeftOut || mayBeLeftOut) tally.leftOut.push(file.path);
    else tally.damages.push(look.damage);
    if (++looks % looksBetweenPauses === 0) await pauseNow();
    context.signal.throwIfAborted();
  }
  return tally;
}

/** Each path once. What filters leave out may stand all the same, in a tree that was made under others. */
function* expectedFiles({
  plan,
  leftOut,
}: ListedFiles): Generator<{ readonly file: ListedFile; readonly isLeftOut: boolean }> {
  for (const file of plan.files()) yield { file, isLeftOut: false };
  const seen = new Set<string>();
  for (const file of leftOut.flatMap(filesOf)) {
    if (seen.has(file.path) || plan.has(file.path)) continue;
    seen.add(file.path);
    yield { file, isLeftOut: true };
  }
}

async function readAll(
  { context, digests }: Verification,
  tree: OpenTree,
  standing: readonly Standing[],
): Promise<readonly Damage[]> {
  const unread = standing.filter(({ file, inode }) => !digests.knows(inode, file.digests));
  const sizeBytes = unread.reduce((sum, { inode }) => sum + inode.sizeBytes, 0);
  context.emit({ type: "reading-planned", files: unread.length, sizeBytes });
  const damages = await mapBounded(standing, readsAtOnce, async ({ file, inode }) => {
    const isKnown = digests.knows(inode, file.digests);
    const problem = await digests.problemOf(join(tree.path, file.path), inode, file);
    if (!isKnown) context.emit({ type: "file-read" });
    return problem === undefined ? undefined : { problem, file, sources: [file.path], inode };
  });
  context.emit({ type: "reading-ended" });
  return damages.filter((damage) => damage !== undefined);
}

/** "3 files …: a, b, c": nothing of none, and of many the first. */
function remarkOn(paths: readonly string[], what: string): readonly string[] {
  if (paths.length === 0) return [];
  const shown = paths.slice(0, 3).join(", ");
  return [`${countOf(paths.length, "file")} ${what}: ${shown}${paths.length > 3 ? ", …" : ""}`];
}
