import type { TreeFacts } from "../../../contents/index.ts";
import { flushTrees } from "../../../platform/flushing/flush.ts";
import { draftTree } from "../../../snapshot/index.ts";
import type { SyncState } from "../../../store/index.ts";
import type { MirrorContext } from "../../context.ts";
import { recordFirstSeen } from "../../first-seen/index.ts";
import { BrokenUpstreamError } from "../broken-upstream.ts";
import { countFiles } from "../count-files.ts";
import { checkName } from "../release/check-release.ts";
import { HeldSuite } from "../release/held-suite.ts";
import { downloadReleases, type SuiteRelease } from "../release/suite-release.ts";
import { type SyncContext, type SyncOptions, type SyncPorts, startSync } from "../sync-context.ts";
import { factsOf } from "../sync-state.ts";
import { fillTree } from "../tree/fill-tree.ts";

/*
 * A tree of an upstream's past, made as a sync makes one, while the working mirror, its state and its spare stay as they are.
 */

/** What an upstream had once: its Releases, verified. */
export interface UpstreamApart {
  readonly releases: readonly SuiteRelease[];
  /**
   * Makes a hidden tree of what the Releases list, calls `use` with it, and removes it. Throws BrokenUpstreamError if any
   * file is missing. For a caller that holds the lock of the working mirror.
   */
  withTree<Result>(use: (tree: TreeApart) => Promise<Result>): Promise<Result>;
}

/** A complete tree, flushed to disk. `use` may move it away. */
export interface TreeApart {
  readonly path: string;
  readonly signers: ReadonlyMap<string, readonly string[]>;
  readonly facts: TreeFacts;
  readonly counts: SyncState["counts"];
}

/**
 * Age does not matter here: neither a Valid-Until that has passed, nor a key that has expired since. A revoked key does, and so
 * does a Release of another suite, if the working mirror has that of the right one.
 */
export async function openApart(
  mirror: MirrorContext,
  ports: SyncPorts,
  options: Pick<SyncOptions, "found">,
): Promise<UpstreamApart> {
  const context = startSync(apartFrom(mirror), ports, { noPgpCheck: false, ...options });
  const releases = await downloadReleases(context);
  // What is held says nothing about the age of a past Release, but it says whose it must be.
  for (const { suite, release } of releases)
    checkName(
      suite,
      new HeldSuite(suite, { ...context, working: mirror.working }).releases,
      release,
      context.mirror.allow.renamed,
    );
  return { releases, withTree: (use) => withTree(context, releases, use) };
}

/** The same mirror, as if it had synced nothing. */
function apartFrom(context: MirrorContext): MirrorContext {
  const { mirror, working, memory } = context;
  const allow = { ...mirror.allow, expired: true, expiredKeys: true, older: true, missing: false };
  return {
    ...context,
    mirror: { ...mirror, allow },
    working: { ...working, current: () => undefined, dropSpare: () => Promise.resolve() },
    memory: { ...memory, read: () => undefined, damagedGeneration: () => undefined },
  };
}

async function withTree<Result>(
  context: SyncContext,
  releases: readonly SuiteRelease[],
  use: (tree: TreeApart) => Promise<Result>,
): Promise<Result> {
  const { mirror, working, upstream, signal } = context;
  const { draft: path, generation } = working.next(context.now());
  const draft = draftTree(path, generation.path);
  try {
    const filled = await fillTree(context, releases, draft, new Map());
    if (filled.broken.length > 0) throw new BrokenUpstreamError(mirror.id, filled.broken, upstream.directory);
    await flushTrees([path], signal);
    const releaseDates = releases.map(({ release }) => release.date);
    const files = () => filled.plan.files();
    // The mirror has it from now on. Its Date may be far in the past: a cooldown must not believe that.
    const seen = { files, added: undefined, lacking: new Set<string>(), releaseDates };
    await recordFirstSeen(context, seen, undefined);
    return await use({
      path,
      signers: new Map(
        releases.map(({ suite, signedBy }) => [suite.name, signedBy.map(({ keyId }) => keyId)]),
      ),
      facts: factsOf(mirror, releases, filled),
      counts: countFiles(
        { ...filled, generation: { name: generation.name, path }, lacking: new Set() },
        undefined,
      ).counts,
    });
  } finally {
    if (!signal.aborted) await draft.discard(); // of an interrupted run, the next sync removes it
  }
}
