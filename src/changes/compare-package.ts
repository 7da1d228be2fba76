import { compareVersions } from "../repository/index.ts";
import type { IndexChange, Place } from "./change.ts";
import { kindOf } from "./kind-of.ts";
import type { PackageBuild } from "./package-build.ts";

/**
 * Compares what an index of two trees lists of one package. Clients choose the newest version, so that one decides. Of
 * several files with one version the first counts, as for apt.
 */
export function comparePackage(
  place: Place,
  listedBefore: readonly PackageBuild[],
  listedAfter: readonly PackageBuild[],
): readonly IndexChange[] {
  const [before, after] = [byVersion(listedBefore), byVersion(listedAfter)];
  const here = { place, movedFrom: undefined };
  const [oldTop, newTop] = [newestOf(before), newestOf(after)];
  const newKeys = new Set(newTop.map(keyOf));
  const keepsNewest = oldTop.some((build) => newKeys.has(keyOf(build)));
  const [oldNewest, newNewest] = keepsNewest ? [] : [oldTop[0], newTop[0]];
  const changes: IndexChange[] = [];
  if (oldNewest !== undefined && newNewest !== undefined)
    changes.push({ ...here, kind: kindOf(oldNewest, newNewest), before: oldNewest, after: newNewest });
  else if (oldNewest !== undefined)
    changes.push({ ...here, kind: "removed", before: oldNewest, after: undefined });
  else if (newNewest !== undefined)
    changes.push({ ...here, kind: "added", before: undefined, after: newNewest });
  for (const [key, build] of before) {
    const same = after.get(key);
    if (same === undefined && build !== oldNewest)
      changes.push({ ...here, kind: "version-removed", before: build, after: undefined });
    if (same !== undefined && same.digest !== build.digest)
      changes.push({ ...here, kind: "changed-bytes", before: build, after: same });
  }
  for (const [key, build] of after)
    if (build !== newNewest && !before.has(key))
      changes.push({ ...here, kind: "version-added", before: undefined, after: build });
  return changes;
}

type Versions = ReadonlyMap<string, PackageBuild>;

function byVersion(builds: readonly PackageBuild[]): Versions {
  const versions = new Map<string, PackageBuild>();
  for (const build of builds) if (!versions.has(keyOf(build))) versions.set(keyOf(build), build);
  return versions;
}

const keyOf = ({ version, architecture, variant = "" }: PackageBuild): string =>
  [version, architecture, variant].join("\n");

/** Returns the builds of the newest version: several if it has two spellings, or architectures. */
function newestOf(versions: Versions): readonly PackageBuild[] {
  let newest: PackageBuild[] = [];
  for (const build of versions.values()) {
    const [top] = newest;
    const order = top === undefined ? 1 : compareVersions(build.version, top.version);
    if (order > 0) newest = [build];
    else if (order === 0) newest.push(build);
  }
  return newest;
}
