import { type HeldFile, SoughtTexts, type TreeDifference } from "../../plan/index.ts";
import { statLinkIfAny } from "../../platform/look.ts";
import { isBinaryPackage, type ListedCounts } from "../../snapshot/index.ts";
import type { SyncState } from "../../store/index.ts";
import type { ShownTree } from "./tree/spare-tree.ts";

export interface CountedTree {
  readonly counts: NonNullable<SyncState["counts"]>;
  /** What its indices list of that. Undefined if a later tree cannot be counted by its difference from this one. */
  readonly listed: ListedCounts | undefined;
}

/** How a tree differs from the one before, and what was counted of that. */
interface CountedDifference extends TreeDifference {
  readonly list: { readonly listing?: { readonly counts?: ListedCounts | undefined } | undefined };
}

/** Counts the files of a new tree as a walk would, by its difference from the tree before if that was counted so. */
export function countFiles(tree: ShownTree, update: CountedDifference | undefined): CountedTree {
  const { generation, metadata } = tree;
  const listed = countByDifference(tree, update) ?? countListed(tree);
  let { files, packages } = listed;
  const sizes = new Map(listed.measured);
  for (const { path } of metadata) {
    if (isCounted(path)) files++;
    if (isCounted(path) && isBinaryPackage(path)) packages++;
    measure(`${generation.path}/${path}`, sizes);
  }
  const sizeBytes = sizes.values().reduce((sum, size) => sum + size, listed.sizeBytes);
  const { measured, ...kept } = listed;
  return { counts: { files, packages, sizeBytes }, listed: measured.size > 0 ? undefined : kept };
}

interface CountedList extends ListedCounts {
  /** Sizes of all files, by inode, if some are listed without one or without SHA-256: others may have the same bytes. */
  readonly measured: ReadonlyMap<number, number>;
}

const isCounted = (path: string): boolean => !path.includes("by-hash/");

function measure(path: string, sizes: Map<number, number>): void {
  const stats = statLinkIfAny(path);
  if (stats !== undefined) sizes.set(stats.ino, stats.size);
}

function countListed({ generation, plan, lacking }: ShownTree): CountedList {
  const contents = new Map<string, number>();
  const measured = new Map<number, number>();
  let isKnown = true;
  let files = 0;
  let packages = 0;
  for (const { path, sizeBytes, digests } of plan.files()) {
    if (lacking.has(path)) continue;
    if (isCounted(path)) files++;
    if (isCounted(path) && isBinaryPackage(path)) packages++;
    if (sizeBytes === undefined || digests.sha256 === undefined) isKnown = false;
    else contents.set(digests.sha256, sizeBytes);
  }
  if (isKnown)
    return { files, packages, sizeBytes: contents.values().reduce((sum, size) => sum + size, 0), measured };
  for (const path of plan.paths()) if (!lacking.has(path)) measure(`${generation.path}/${path}`, measured);
  return { files, packages, sizeBytes: 0, measured };
}

/** A content counts once, however many paths have it. Returns undefined if the difference does not say enough. */
function countByDifference(
  { plan, lacking }: ShownTree,
  update: CountedDifference | undefined,
): CountedList | undefined {
  const before = update?.list.listing?.counts;
  if (update === undefined || before === undefined || lacking.size > 0) return undefined;
  const added = update.added.map(({ path, sizeBytes, digests }) => ({
    path,
    sizeBytes,
    sha256: digests.sha256,
  }));
  const [gone, come] = [tally(update.gone), tally(added)];
  if (gone === undefined || come === undefined) return undefined;
  const now = new Map<string, number>();
  const touched = new SoughtTexts([...gone.contents.keys(), ...come.contents.keys()]);
  for (const sha256 of plan.digests(touched)) now.set(sha256, (now.get(sha256) ?? 0) + 1);
  let { sizeBytes } = before;
  for (const [sha256, { bytes }] of gone.contents) if (!now.has(sha256)) sizeBytes -= bytes;
  for (const [sha256, { bytes, paths }] of come.contents)
    if (now.get(sha256) === paths && !gone.contents.has(sha256)) sizeBytes += bytes;
  const files = before.files - gone.files + come.files;
  const packages = before.packages - gone.packages + come.packages;
  return { files, packages, sizeBytes, measured: new Map() };
}

interface Tally {
  files: number;
  packages: number;
  /** By SHA-256. */
  readonly contents: Map<string, { readonly bytes: number; paths: number }>;
}

function tally(
  listed: readonly (Omit<HeldFile, "sha256"> & { readonly sha256?: string | undefined })[],
): Tally | undefined {
  const sum: Tally = { files: 0, packages: 0, contents: new Map() };
  for (const { path, sha256, sizeBytes } of listed) {
    if (sha256 === undefined || sizeBytes === undefined) return undefined;
    if (isCounted(path)) sum.files++;
    if (isCounted(path) && isBinaryPackage(path)) sum.packages++;
    sum.contents.getOrInsertComputed(sha256, () => ({ bytes: sizeBytes, paths: 0 })).paths++;
  }
  return sum;
}
