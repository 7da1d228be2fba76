import { findVariantsLeftOut } from "../../plan/index.ts";
import type { LackedFile, SyncState } from "../../store/index.ts";
import type { SuiteRelease } from "./release/suite-release.ts";
import type { SyncContext } from "./sync-context.ts";

/** What is known of a tree beside what upstream says. */
type KnownTree = Pick<SyncState, "generation" | "facts" | "counts" | "lacking">;

/** Leaves for the next sync what it has to know of a new tree, and of what the tree lacks. */
export function rememberTree(context: SyncContext, releases: readonly SuiteRelease[], tree: KnownTree): void {
  context.memory.write(stateOf(context, releases, tree));
}

/**
 * The same of a tree that is kept: a server that knows no conditional requests sends the same bytes again, perhaps with
 * another ETag.
 */
export function rememberUpstream(
  context: SyncContext,
  releases: readonly SuiteRelease[],
  lacking: readonly LackedFile[],
): void {
  const { state, memory } = context;
  if (state === undefined) return;
  const next = stateOf(context, releases, { ...state, lacking: lacking.map(lackedFileOf) });
  if (!sameUpstream(next, state)) memory.write(next);
}

/** Without what is known of it in this sync alone. */
export const lackedFileOf = ({ file, problem, sent }: LackedFile): LackedFile => {
  const { path, sizeBytes, digests, source } = file;
  return { file: { path, sizeBytes, digests, source }, problem, ...(sent === undefined ? {} : { sent }) };
};

function stateOf(
  context: SyncContext,
  releases: readonly SuiteRelease[],
  { generation, facts, counts, lacking = [] }: KnownTree,
): SyncState {
  const variantsLeftOut = findVariantsLeftOut(releases, context.mirror);
  return {
    generation,
    completedAt: context.now().toISOString(),
    selection: context.selection,
    suites: releases.map(({ suite, signedBy, companionsLeftOut, validators }) => ({
      suite: suite.name,
      signedBy: signedBy.map((key) => key.keyId),
      ...(companionsLeftOut ? { companionsLeftOut } : {}),
      etag: validators.etag,
      lastModified: validators.lastModified,
      from: validators.from,
    })),
    ...(variantsLeftOut.length > 0 ? { variantsLeftOut: [...variantsLeftOut] } : {}),
    ...(lacking.length > 0 ? { lacking } : {}),
    facts,
    counts,
  };
}

const sameUpstream = (a: SyncState, b: SyncState): boolean =>
  JSON.stringify(upstreamOf(a)) === JSON.stringify(upstreamOf(b));

const upstreamOf = ({ suites, variantsLeftOut, lacking }: SyncState) => ({
  suites,
  variantsLeftOut,
  lacking,
});
