import type { SourceChangelog } from "../../changelogs/index.ts";
import { combineChanges, type IndexChange, type TreeChanges } from "../../changes/index.ts";
import type { PublicName } from "../../publish/index.ts";
import { workingMirrorName } from "../../snapshot-name.ts";
import { readChangelogs } from "../changelogs/index.ts";
import type { MirrorContext } from "../context.ts";
import { compareTrees, type FoundTree, findTree, openPackages } from "../trees/index.ts";

export interface DiffOptions {
  /** The name of a snapshot, or "production", "staging" or "working". Default: production. */
  readonly from?: string | undefined;
  /** Default: staging. */
  readonly to?: string | undefined;
  /** Only the packages of this source. */
  readonly source?: string | undefined;
  /** Reads the changelogs of new versions too. Default: no. */
  readonly changelogs?: boolean | undefined;
}

/** How two trees of a mirror differ. */
export interface TreeDifference extends TreeChanges {
  readonly mirror: string;
  readonly from: ComparedTree;
  readonly to: ComparedTree;
  /** The only source whose packages were compared; unset: all. */
  readonly onlySource?: string | undefined;
  /** By source; undefined if they were not asked for. */
  readonly changelogs: readonly SourceChangelog[] | undefined;
}

interface ComparedTree {
  readonly name: string;
  /** The links that lead to it. */
  readonly shownAs: readonly PublicName[];
}

/**
 * Compares the packages of two trees by their indices. An index that both have is not read. Takes no lock, and
 * writes nothing but the cache of changelogs; throws a SnapshotError if a tree is removed meanwhile.
 */
export async function diffTrees(
  context: MirrorContext,
  { from = "production", to = "staging", source, changelogs = false }: DiffOptions,
): Promise<TreeDifference> {
  const { id } = context.mirror;
  const hint = `Name two trees: mirrorctl snapshot diff ${id} FROM TO, each a snapshot, production, staging or working.`;
  const use = { verb: "compared", hint } as const;
  const [before, after] = [await findTree(context, from, use), await findTree(context, to, use)];
  const changes = combineChanges(await readChanges(context, before, after), source);
  const shownAs = await readLinks(context);
  return {
    mirror: context.mirror.id,
    from: { name: before.name, shownAs: shownAs(before) },
    to: { name: after.name, shownAs: shownAs(after) },
    onlySource: source,
    ...changes,
    changelogs: changelogs ? await readChangelogs(context, after, changes) : undefined,
  };
}

async function readChanges(
  context: MirrorContext,
  before: FoundTree,
  after: FoundTree,
): Promise<readonly IndexChange[]> {
  if (before.path === after.path) return [];
  const changes = await compareTrees(openPackages(context, before), openPackages(context, after));
  for (const tree of [before, after]) tree.assertUnchanged();
  return changes;
}

async function readLinks({ publisher }: MirrorContext) {
  const shown = {
    staging: await publisher.read("staging"),
    production: await publisher.read("production"),
  };
  return ({ name }: FoundTree): readonly PublicName[] =>
    (["staging", "production"] as const).filter((link) => {
      const { [link]: one } = shown;
      return one.kind === "snapshot"
        ? one.name === name
        : one.kind === "working-mirror" && name === workingMirrorName;
    });
}
