import { resolve, sep } from "node:path";
import type { MirrorConfig } from "../../config/index.ts";
import { MirrorctlError } from "../../errors.ts";
import { realPathIfAny, statIfAny } from "../../platform/look.ts";
import { Suite } from "../../repository/index.ts";
import { SnapshotError } from "../../snapshot/index.ts";
import type { MirrorContext } from "../context.ts";
import { rebuildFirstSeen } from "../first-seen/index.ts";
import { freeSpace } from "../snapshots/index.ts";
import { givingUpLost, openApart, type SyncPorts, type UpstreamApart } from "../sync/index.ts";
import { adoptTree } from "./adopt-tree.ts";
import { findTrees, type PastTree, type SuiteRevisions } from "./find-trees.ts";
import { findSame, latestDate, snapshotNameOf } from "./known-snapshots.ts";
import { type DatedRevision, lineUpRevisions } from "./line-up-revisions.ts";
import { type Remarks, remarking } from "./remarks.ts";

export interface ImportSnapshotsOptions {
  readonly directories: readonly string[];
  /** Links files into the store where that is safe, in place of copying them. */
  readonly link: boolean;
  /** Verifies the Releases, and says which snapshots they would make. Looks for no other file. */
  readonly dryRun: boolean;
}

/** What happened to a tree that was found. */
export type ImportedTree = { readonly from: string } & (
  | {
      readonly kind: "imported";
      readonly name: string;
      /** Of the newest of its Releases. */
      readonly createdAt: Date;
      /** Undefined in a dry run. */
      readonly packages: number | undefined;
      readonly sizeBytes: number | undefined;
      /** What is unusual, such as a Valid-Until that has passed. */
      readonly remarks: readonly string[];
    }
  /** There is a snapshot of the same Releases. */
  | { readonly kind: "there"; readonly name: string }
  | { readonly kind: "refused"; readonly error: MirrorctlError }
);

/** Opens a directory in place of the upstream. */
export type OpenPorts = (tree: Pick<PastTree, "root" | "moved">) => Promise<SyncPorts>;

/**
 * Makes snapshots of trees that other tools, or an earlier mirrorctl, left on this disk: each one whose Releases verify with
 * the keys of the mirror, and whose files are all there. They are pinned, since a prune would take the oldest first.
 */
export async function importSnapshots(
  context: MirrorContext,
  openPorts: OpenPorts,
  options: ImportSnapshotsOptions,
): Promise<readonly ImportedTree[]> {
  const { signal, memory } = context;
  signal.throwIfAborted();
  const pasts = options.directories.map((directory) => findPast(context, resolve(directory)));
  using _lock = options.dryRun ? undefined : await context.lockWorkingMirror("snapshot import");
  if (!options.dryRun) {
    await rebuildFirstSeen(context);
    memory.beginFreeing();
  }
  const outcomes = await givingUpLost(context, () => importEach(context, openPorts, pasts, options));
  if (!options.dryRun) {
    await freeSpace(context);
    memory.endFreeing();
  }
  return outcomes;
}

async function importEach(
  context: MirrorContext,
  openPorts: OpenPorts,
  pasts: readonly ReturnType<typeof findPast>[],
  options: ImportSnapshotsOptions,
): Promise<readonly ImportedTree[]> {
  const outcomes: ImportedTree[] = [];
  for (const { trees, revisions } of pasts) {
    for (const tree of trees) outcomes.push(await importTree(context, openPorts, tree, options));
    const [plain] = trees;
    if (plain === undefined || revisions.length === 0) continue;
    const { dated, refused } = await dateRevisions(context, openPorts, plain, revisions);
    outcomes.push(...refused);
    const suites = revisions.map(({ suite }) => suite);
    for (const state of lineUpRevisions(suites, dated))
      outcomes.push(await importTree(context, openPorts, withRevisions(plain, state), options));
  }
  return outcomes;
}

function findPast({ mirror, layout, emit }: MirrorContext, directory: string): ReturnType<typeof findTrees> {
  const real = realPathIfAny(directory) ?? directory;
  for (const own of [layout.dir, mirror.snapshot.path]) {
    if (!`${real}${sep}`.startsWith(`${realPathIfAny(own) ?? own}${sep}`)) continue;
    throw new SnapshotError(
      "IMPORT_INSIDE",
      `${directory} is inside ${own}, where mirrorctl keeps its own files`,
      {
        facts: { directory, own },
        hint: `What is a snapshot there is listed already: mirrorctl snapshot list ${mirror.id}`,
      },
    );
  }
  const past = findTrees(real, mirror);
  const { unreadable } = past;
  if (unreadable.length > 0) emit({ type: "past-directories-unreadable", directories: unreadable });
  if (past.trees.length > 0) return past;
  throw new SnapshotError("NOTHING_TO_IMPORT", `${directory} ${whyEmpty(directory, mirror)}`, {
    facts: { directory },
    hint:
      "Name the directory that has dists/ in it, or one with several such directories, such as dated ones." +
      (statIfAny(directory) === undefined ? " If it is on a disk, the disk may not be mounted." : ""),
  });
}

function whyEmpty(directory: string, { id, suites }: MirrorConfig): string {
  const stats = statIfAny(directory);
  if (stats === undefined) return "does not exist";
  if (!stats.isDirectory()) return "is not a directory";
  const wanted = suites.map((name) => new Suite(name).path("InRelease")).join(" or ");
  return `has no tree of ${id}: nothing in it has ${wanted}`;
}

/** Verifies the Release of each revision by itself: its Date says which revisions of other suites it belongs to. */
async function dateRevisions(
  context: MirrorContext,
  openPorts: OpenPorts,
  plain: PastTree,
  revisions: readonly SuiteRevisions[],
): Promise<{ readonly dated: readonly DatedRevision[]; readonly refused: readonly ImportedTree[] }> {
  const dated: DatedRevision[] = [];
  const refused: ImportedTree[] = [];
  for (const { suite, numbers } of revisions)
    for (const number of numbers) {
      const tree = withRevisions(plain, [{ suite, number }]);
      const { mirror } = context;
      const alone = { ...context, mirror: { ...mirror, suites: [suite] } };
      const read = await orRefused(context, tree, async () => {
        const { apart } = await open(alone, openPorts, tree, { link: false });
        return { suite, number, date: latestDate(apart, context.now()) };
      });
      if ("kind" in read) refused.push(read);
      else dated.push(read);
    }
  return { dated, refused };
}

function withRevisions(
  { root, shown }: PastTree,
  revisions: readonly Pick<DatedRevision, "suite" | "number">[],
): PastTree {
  const moved = revisions.map(({ suite, number }) => {
    const below = new Suite(suite).root;
    return [below, `${below}/${number}`] as const;
  });
  return {
    root,
    moved: new Map(moved),
    name: undefined,
    shown: moved.map(([, below]) => `${shown}/${below}`).join(" and "),
  };
}

async function importTree(
  context: MirrorContext,
  openPorts: OpenPorts,
  tree: PastTree,
  { link, dryRun }: Pick<ImportSnapshotsOptions, "link" | "dryRun">,
): Promise<ImportedTree> {
  context.signal.throwIfAborted();
  return await orRefused(context, tree, async () => {
    const { apart, remarks } = await open(context, openPorts, tree, { link });
    const from = tree.shown;
    const same = await findSame(context, apart);
    if (same !== undefined) return { kind: "there", from, name: same };
    const createdAt = latestDate(apart, context.now());
    const name = snapshotNameOf(context, tree, createdAt);
    if (dryRun)
      return { kind: "imported", from, name, createdAt, packages: undefined, sizeBytes: undefined, remarks };
    const { meta } = await apart.withTree((made) => adoptTree(context, made, { name, createdAt, from }));
    const { packages, sizeBytes } = meta;
    context.emit({ type: "snapshot-imported", name, from, remarks });
    return { kind: "imported", from, name, createdAt, packages, sizeBytes, remarks };
  });
}

async function open(
  context: MirrorContext,
  openPorts: OpenPorts,
  tree: PastTree,
  { link }: { readonly link: boolean },
): Promise<{ readonly apart: UpstreamApart; readonly remarks: Remarks }> {
  const { emit, remarks } = remarking(context.emit);
  const found = { directories: [tree.root], link };
  const apart = await openApart({ ...context, emit }, await openPorts(tree), { found });
  return { apart, remarks };
}

/** What is wrong with one tree keeps no other from being imported. What is wrong with this disk ends the run. */
async function orRefused<Result>(
  { emit, signal }: MirrorContext,
  { shown }: PastTree,
  work: () => Promise<Result>,
): Promise<Result | ImportedTree> {
  try {
    return await work();
  } catch (error) {
    signal.throwIfAborted();
    const isOfTree = error instanceof MirrorctlError && areasOfTree.has(error.area);
    if (!isOfTree) throw error;
    emit({ type: "snapshot-import-refused", from: shown, error });
    return { kind: "refused", from: shown, error };
  }
}

const areasOfTree: ReadonlySet<MirrorctlError["area"]> = new Set(["upstream", "trust", "repository"]);
