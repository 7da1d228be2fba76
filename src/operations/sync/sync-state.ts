import type { MirrorConfig } from "../../config/index.ts";
import type { TreeFacts } from "../../contents/index.ts";
import { findVariantsLeftOut } from "../../plan/index.ts";
import { digestsOf } from "../../platform/running-digests.ts";
import type { LackedFile, SyncState } from "../../store/index.ts";
import type { SuiteRelease } from "./release/suite-release.ts";
import type { SyncContext } from "./sync-context.ts";
import type { FilledTree } from "./tree/fill-tree.ts";

/** What is known about a tree beside what upstream says. */
type KnownTree = Pick<SyncState, "generation" | "facts" | "counts" | "lacking" | "firstSeenKept">;

type StatePorts = Pick<SyncContext, "mirror" | "memory" | "state" | "selection" | "now">;

/** Writes what the next sync must know about a new tree, and what the tree lacks. */
export function rememberTree(ports: StatePorts, releases: readonly SuiteRelease[], tree: KnownTree): void {
  ports.memory.write(stateOf(ports, releases, tree));
}

/**
 * Writes the same for a tree that is kept, if anything has changed: a server without conditional requests sends the same
 * bytes again, perhaps with another ETag.
 */
export function rememberUpstream(
  ports: StatePorts,
  releases: readonly SuiteRelease[],
  lacking: readonly LackedFile[],
): void {
  const { state, memory } = ports;
  if (state === undefined) return;
  const next = stateOf(ports, releases, { ...state, lacking: lacking.map(lackedFileOf) });
  if (!sameUpstream(next, state)) memory.write(next);
}

/** Leaves out what is known in this sync only. */
export const lackedFileOf = ({ file, problem, sent }: LackedFile): LackedFile => {
  const { path, sizeBytes, digests, source } = file;
  return { file: { path, sizeBytes, digests, source }, problem, ...(sent === undefined ? {} : { sent }) };
};

function stateOf(
  { mirror, selection, now }: StatePorts,
  releases: readonly SuiteRelease[],
  { generation, facts, counts, lacking = [], firstSeenKept }: KnownTree,
): SyncState {
  const variantsLeftOut = findVariantsLeftOut(releases, mirror);
  return {
    generation,
    completedAt: now().toISOString(),
    selection,
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
    firstSeenKept,
  };
}

const sameUpstream = (a: SyncState, b: SyncState): boolean =>
  JSON.stringify(upstreamOf(a)) === JSON.stringify(upstreamOf(b));

const upstreamOf = ({ suites, variantsLeftOut, lacking }: SyncState) => ({
  suites,
  variantsLeftOut,
  lacking,
});

/** Returns what a later check must know about a tree to distinguish what was never in it from what was lost. */
export function factsOf(
  { suites, sections, architectures, source, kinds, filters, allow }: MirrorConfig,
  releases: readonly SuiteRelease[],
  { missingForms, broken }: Pick<FilledTree, "missingForms" | "broken">,
): TreeFacts {
  const { keepVersions, keepSourceVersions, excludePatterns } = filters;
  const signatureFiles = releases.flatMap(({ suite, files }) =>
    files.map(({ name, bytes }) => [suite.path(name), digestsOf(bytes).sha256] as const),
  );
  return {
    suites: [...suites],
    sections: [...sections],
    architectures: [...architectures],
    source,
    kinds: { ...kinds },
    filters: {
      keepVersions,
      ...(keepSourceVersions === undefined ? {} : { keepSourceVersions }),
      excludePatterns: excludePatterns.map((pattern) => pattern.source),
    },
    allowWeak: allow.weak,
    missing: [...missingForms, ...broken.map(({ file }) => file.path)],
    signatureFiles: Object.fromEntries(signatureFiles),
  };
}
