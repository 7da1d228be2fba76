import { compareVersions } from "../repository/index.ts";
import type { PackageBuild } from "./package-build.ts";
import { sourceOf } from "./package-build.ts";
import type { SourceChanges } from "./tree-changes.ts";

/** A version of a source that the tree after has, and the one that it replaces. */
export interface NewSource {
  readonly source: string;
  /** The newest older version before; undefined if the source is new. */
  readonly before: string | undefined;
  readonly after: string;
}

/**
 * Returns the versions of sources that are new, by source. Versions are those of sources: that of a package may be numbered
 * otherwise, or be a rebuild.
 */
export function newSources(sources: readonly SourceChanges[]): readonly NewSource[] {
  return sources.flatMap(({ source, changes }) => {
    const old = versionsOf(changes.map(({ before }) => before));
    const present = versionsOf(changes.map(({ after }) => after));
    const newest = (version: string): string | undefined =>
      old
        .filter((one) => compareVersions(one, version) < 0)
        .toSorted(compareVersions)
        .at(-1);
    return present
      .filter((version) => !old.some((one) => compareVersions(one, version) === 0))
      .map((after) => ({ source, before: newest(after), after }))
      .filter(({ before }) => old.length === 0 || before !== undefined); // otherwise it is a downgrade
  });
}

const versionsOf = (builds: readonly (PackageBuild | undefined)[]): readonly string[] => [
  ...new Set(builds.flatMap((build) => (build === undefined ? [] : sourceOf(build).version))),
];
