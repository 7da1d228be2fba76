import { hasCode, MirrorctlError } from "../../errors.ts";
import { strongestDigest } from "../../repository/index.ts";
import { contentsOf } from "../../snapshot/index.ts";
import { workingMirrorName } from "../../snapshot-name.ts";
import type { MirrorContext } from "../context.ts";
import { findTree, openFoundTree } from "../trees/index.ts";
import { seenWith } from "./seen-with.ts";

/**
 * Makes the record again if it is missing, from the snapshots and the working mirror: bytes are as old as the sync of the
 * oldest tree that holds them. Reads each different tree once.
 */
export async function rebuildFirstSeen(context: MirrorContext): Promise<void> {
  const { firstSeen, emit } = context;
  if (firstSeen.exists()) return;
  const trees = await treesOf(context);
  if (trees.length === 0) return; // the first sync makes it
  const times = new Map<string, Date>();
  for (const { name, seenAt } of trees) {
    context.signal.throwIfAborted();
    try {
      for (const digest of await readDigests(context, name))
        if (!times.has(digest)) times.set(digest, seenAt);
    } catch (error) {
      if (!(error instanceof MirrorctlError) && !hasCode(error, "ENOENT")) throw error;
      emit({ type: "first-seen-unread", name, error });
      if (name === workingMirrorName) context.working.doubtSpare(); // or the next tree would record only what it adds
    }
  }
  firstSeen.replace(times);
  emit({ type: "first-seen-rebuilt", files: times.size, trees: trees.length });
}

interface SeenTree {
  readonly name: string;
  readonly seenAt: Date;
}

/** Returns trees with different contents, the oldest first. */
async function treesOf(context: MirrorContext): Promise<readonly SeenTree[]> {
  const { catalog, working, memory, now } = context;
  const generation = working.current();
  const state = memory.read();
  const facts = state !== undefined && state.generation === generation?.name ? state.facts : undefined;
  const recorded = (await catalog.glance()).filter((snapshot) => snapshot.recorded);
  const found = recorded.map(({ name, createdAt, meta: { generation: of, facts: known, releases } }) => ({
    name,
    seenAt: seenWith({ createdAt, generation: of, releases }, now()),
    contents: contentsOf({ facts: known, generation: of }) ?? name,
  }));
  if (generation !== undefined)
    found.push({
      name: workingMirrorName,
      seenAt: seenWith({ createdAt: now(), generation: generation.name }, now()),
      contents: contentsOf({ facts, generation: generation.name }) ?? workingMirrorName,
    });
  const oldest = new Map(
    found.toSorted((a, b) => b.seenAt.getTime() - a.seenAt.getTime()).map((tree) => [tree.contents, tree]),
  );
  return [...oldest.values()].toReversed();
}

async function readDigests(context: MirrorContext, name: string): Promise<ReadonlySet<string>> {
  const use = {
    verb: "checked",
    hint: `To see what there is: mirrorctl snapshot list ${context.mirror.id}`,
  } as const;
  const tree = await findTree(context, name, use);
  const { contents, reading } = openFoundTree(context, tree);
  const missing = new Set(reading.missing);
  const digests = new Set<string>();
  for (const { path, digests: listed } of (await contents.listFiles()).plan.files()) {
    const digest = missing.has(path) ? undefined : strongestDigest(listed);
    if (digest !== undefined) digests.add(digest);
  }
  tree.assertUnchanged();
  return digests;
}
