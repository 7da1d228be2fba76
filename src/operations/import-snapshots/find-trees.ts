import { basename, join } from "node:path";
import type { MirrorConfig } from "../../config/index.ts";
import { ifAllowed, listDirectory, statIfAny } from "../../platform/look.ts";
import { Suite } from "../../repository/index.ts";
import { snapshotNameFault } from "../../snapshot-name.ts";
import type { MovedDirectories } from "../../upstream/index.ts";
import { readLabel } from "../export/index.ts";
import { misreadNameFault } from "../trees/index.ts";

/** A tree of an upstream's past, on this disk. */
export interface PastTree {
  /** For people. */
  readonly shown: string;
  readonly root: string;
  readonly moved: MovedDirectories;
  /** Undefined if the directory has no name that says which tree it is. */
  readonly name: string | undefined;
}

/** Revisions of one suite that debmirror --debmarshal kept: `dists/<suite>/<number>`, the oldest first. */
export interface SuiteRevisions {
  readonly suite: string;
  readonly numbers: readonly number[];
}

/** What a directory has of a mirror's past. */
export interface Past {
  readonly trees: readonly PastTree[];
  /** Of each suite of the mirror; empty if the directory has none. */
  readonly revisions: readonly SuiteRevisions[];
  /** Directories in it that this program cannot look into, and why: a tree may be there. */
  readonly unreadable: readonly Unreadable[];
}

export interface Unreadable {
  readonly path: string;
  readonly why: "denied" | "name-not-utf8";
}

/**
 * Finds trees of the mirror's suites: the directory itself, those in it, such as dated ones, those of `.snapshots/<id>` in
 * it, and the revisions of debmirror. Looks at names alone: nothing is trusted yet.
 */
export function findTrees(directory: string, mirror: MirrorConfig): Past {
  const suites = [...new Map(mirror.suites.map((name) => [new Suite(name).root, new Suite(name)])).values()];
  const isTree = (path: string): boolean => suites.some((suite) => hasRelease(path, suite.root));
  if (isTree(directory)) {
    const found = suites.map((suite) => ({ suite: suite.name, numbers: revisionsOf(directory, suite) }));
    const hasRevisions = found.some(({ numbers }) => numbers.length > 0);
    return {
      trees: [treeAt(directory, nameOf(directory), mirror)],
      revisions: hasRevisions ? found : [],
      unreadable: [],
    };
  }
  const inside = [directory, join(directory, ".snapshots", mirror.id)].flatMap(directoriesIn);
  const unreadable = inside.flatMap((path) => whyUnreadable(path) ?? []);
  const closed = new Set(unreadable.map(({ path }) => path));
  const trees = inside
    .filter((path) => !closed.has(path) && isTree(path))
    .map((path) => treeAt(path, readLabel(path)?.snapshot ?? basename(path), mirror))
    .toSorted(byName);
  return { trees, revisions: [], unreadable };
}

const directoriesIn = (parent: string): readonly string[] =>
  listDirectory(parent)
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .map(({ name }) => join(parent, name));

function whyUnreadable(path: string): Unreadable | undefined {
  // Node reads a name as text, so one of other bytes leads nowhere.
  if (statIfAny(path) === undefined) return { path, why: "name-not-utf8" };
  return ifAllowed(() => listDirectory(path)) === undefined ? { path, why: "denied" } : undefined;
}

const byName = (a: PastTree, b: PastTree): number => (a.root < b.root ? -1 : 1);

const treeAt = (root: string, name: string | undefined, mirror: MirrorConfig): PastTree => ({
  shown: root,
  root,
  moved: new Map(),
  name: name !== undefined && isGoodName(name, mirror) ? name : undefined,
});

/** A command would take "-x" for an option, and "production" for what is in production. */
const isGoodName = (name: string, mirror: MirrorConfig): boolean =>
  snapshotNameFault(name) === undefined && misreadNameFault(mirror, name) === undefined;

/** The name of an exported snapshot, or one with a number in it, such as a date: "debian" would say nothing. */
function nameOf(directory: string): string | undefined {
  const name = basename(directory);
  return readLabel(directory)?.snapshot ?? (/\d/.test(name) ? name : undefined);
}

const hasRelease = (root: string, below: string): boolean =>
  ["InRelease", "Release"].some((name) => statIfAny(join(root, below, name))?.isFile() === true);

function revisionsOf(directory: string, suite: Suite): readonly number[] {
  return listDirectory(join(directory, suite.root))
    .filter((entry) => entry.isDirectory() && /^(?:0|[1-9]\d{0,8})$/.test(entry.name))
    .filter(({ name }) => hasRelease(directory, join(suite.root, name)))
    .map(({ name }) => Number(name))
    .toSorted((a, b) => a - b);
}
