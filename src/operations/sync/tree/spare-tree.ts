import { hasCode } from "../../../errors.ts";
import { type IndexListing, type PlannedFiles, plannedFiles, type TreePlan } from "../../../plan/index.ts";
import type { FutureSpare, Generation } from "../../../publish/index.ts";
import type { Sha256 } from "../../../repository/index.ts";
import {
  bringUpToDate,
  directoriesOf,
  draftTreeList,
  type HeldName,
  hasDirectoriesFor,
  type ListedCounts,
  readCarried,
  type TreeDraft,
  type TreeListing,
} from "../../../snapshot/index.ts";
import { readWith } from "../../read-with.ts";
import type { SyncContext } from "../sync-context.ts";
import type { Update } from "./plan-tree.ts";
import { findSoundSpare, type SparePorts } from "./sound-spare.ts";

/*
 * A sync costs what changed: beside the tree that is shown there is a spare, a hidden tree with the same files. The next
 * sync makes the spare its new tree, by the difference between the list of the files that both have and the new plan.
 * When that is shown, the tree shown before gets the same difference, and is the next spare. So no object is kept longer
 * than without a spare, and a file that stays costs a line of the list. Its directory is looked at, and after the machine
 * was started again its name, its object and its size too.
 *
 * Neither the spare nor its list is flushed: the tree that is made of them is, before a name shows it. A journal loses the
 * last changes first, and a list gets its name after the spare that was made with it. After a start of the machine every name
 * is compared, so nothing relies on that order.
 *
 * What is not certain (no list, damage, a tree that somebody changed) makes the sync link every file, as the first one did.
 */

/** Returns what the new tree lacks of the one that is shown: names, and their objects as far as they are known. */
const leavingNames = ({ list, gone }: Update): readonly HeldName[] => [...list.metadata, ...gone];

/**
 * Makes the spare the draft of the new tree, and returns the planned files that it lacks. Without a spare that surely holds
 * what the shown tree does, these are all files.
 */
export async function startFromSpare(
  ports: SparePorts,
  draft: TreeDraft,
  plan: TreePlan,
  update: Update | undefined,
): Promise<PlannedFiles> {
  const { working, signal } = ports;
  const spare = update && (await findSoundSpare(ports, update));
  if (update === undefined || spare === undefined) {
    await working.dropSpare();
    return plan;
  }
  const directories = await directoriesOf(pathsOf(update.added), signal);
  await draft.takeOver(spare, { gone: pathsOf(leavingNames(update)), directories }, signal);
  return plannedFiles(update.added);
}

/** A new tree: what it holds beside its packages, and what was planned and is not in it. */
export interface ShownTree {
  readonly generation: Generation;
  readonly metadata: readonly HeldName[];
  readonly plan: TreePlan;
  readonly listings: readonly IndexListing[] | undefined;
  readonly lacking: ReadonlySet<string>;
}

interface CountedShownTree extends ShownTree {
  readonly listed: ListedCounts | undefined;
}

/**
 * Returns how a new tree differs from the one that was shown before. `lackedBefore`: files that upstream listed for the other tree
 * and did not have. A repair may have put them into its snapshots since.
 */
export const differenceFrom = (
  update: Update,
  { generation, metadata, lacking }: ShownTree,
  lackedBefore: readonly string[] = [],
) => ({
  from: update.shown.name,
  to: generation.name,
  gone: [...pathsOf(leavingNames(update)), ...lackedBefore],
  goneObjects: lackedBefore.length === 0 ? objectsOf(leavingNames(update)) : undefined,
  added: [...pathsOf([...metadata, ...update.added.filter(({ path }) => !lacking.has(path))])],
});

/**
 * Makes the tree that was shown before the spare of the one that is shown now, and lists the files of both. Called with
 * the time at which the last object was disowned before the sync linked its files. Whether the tree before still holds what
 * its list says is checked when the spare is needed.
 */
export async function keepSpare(
  ports: SparePorts & Pick<SyncContext, "selection">,
  shown: CountedShownTree,
  update: Update | undefined,
  disownedAtMs: number,
): Promise<void> {
  if (ports.objects.disownedAtMs() !== disownedAtMs) return;
  const spare = update && (await reviveFormer(ports, shown, update));
  const list = draftTreeList(shown.generation.path, {
    metadata: shown.metadata,
    files: () => heldFiles(shown),
    listing: listingOf(ports, shown),
    carried: carriedNames(shown.generation.path, update),
    spareUncheckedSinceMs: update?.list.writtenAtMs,
  });
  if (list === undefined) return;
  spare?.keep();
  list.keep();
}

/** On a full disk, if a file has as many names as it may have, and if somebody changed the tree, it is left to be removed. */
async function reviveFormer(
  { working, signal }: SparePorts,
  next: ShownTree,
  update: Update,
): Promise<FutureSpare | undefined> {
  const former = update.shown.path;
  const difference = differenceFrom(update, next);
  const gone = [...readCarried(former).keys(), ...difference.gone];
  const { added } = difference;
  if (!(await hasDirectoriesFor(former, [...gone, ...added], signal))) return undefined;
  const future = working.takeForSpare(former);
  if (future === undefined) return undefined;
  try {
    const changes = {
      gone,
      added,
      from: next.generation.path,
      directories: await directoriesOf(added, signal),
    };
    return (await bringUpToDate(future.path, changes, signal)) ? future : undefined;
  } catch (error) {
    if (!hasCode(error, "ENOSPC", "EDQUOT", "EMLINK", ...changedCodes)) throw error;
    return undefined;
  }
}

/** There is something else at the path of a file or of a directory. */
const changedCodes = ["EEXIST", "ENOTDIR", "EISDIR", "ENOTEMPTY"];

/** Returns the files that an update takes out of the tree, and those that the tree before carried. */
const mayHaveLeft = (update: Update): readonly HeldName[] => [
  ...leavingNames(update).map(({ path, sha256 }) => ({ path, ...(sha256 === undefined ? {} : { sha256 }) })),
  ...update.list.carried,
];

/** Returns what a tree carries, without its object if that is not known. */
function carriedNames(tree: string, update: Update | undefined): readonly HeldName[] {
  const carried = readCarried(tree);
  const known = update === undefined ? [] : mayHaveLeft(update).filter(({ path }) => carried.has(path));
  const knownPaths = new Set(pathsOf(known));
  const unknown = [...carried.keys()].filter((path) => !knownPaths.has(path));
  return [...known, ...unknown.map((path) => ({ path }))];
}

/**
 * Returns the objects that an update may have taken the last tree from, if that is known of all: then no other object has
 * to be looked at. Not after the machine was started again.
 */
export function mayBeFree(update: Update | undefined): ReadonlySet<Sha256> | undefined {
  if (update === undefined || !update.list.isOfThisBoot) return undefined;
  const objects = objectsOf(mayHaveLeft(update));
  return objects && new Set(objects);
}

/** Returns the objects of these names, if that is known of all. */
function objectsOf(names: Iterable<HeldName>): readonly Sha256[] | undefined {
  const objects: Sha256[] = [];
  for (const { sha256 } of names) {
    if (sha256 === undefined) return undefined;
    objects.push(sha256);
  }
  return objects;
}

function* pathsOf<Path extends string>(files: Iterable<{ readonly path: Path }>): Generator<Path> {
  for (const { path } of files) yield path;
}

/** Lines say what the indices list. So if the tree lacks some of that, they do not say what it holds. */
function listingOf(
  { selection }: Pick<SyncContext, "selection">,
  { plan: { count, sizeBytes }, listings, lacking, listed: counts }: CountedShownTree,
): TreeListing | undefined {
  if (listings === undefined || lacking.size > 0) return undefined;
  return { readWith: readWith({ selection }), indices: listings, count, sizeBytes, counts };
}

function* heldFiles({ plan, lacking }: ShownTree) {
  for (const { path, sizeBytes, digests } of plan.files())
    if (!lacking.has(path)) yield { path, sizeBytes, sha256: digests.sha256 };
}
