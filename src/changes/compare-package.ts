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
  const [before, after] = [firstOfEach(listedBefore), firstOfEach(listedAfter)];
  const here = { place, movedFrom: undefined };
  const [oldTop, newTop] = [newestOf(before), newestOf(after)];
  const keepsNewest = oldTop.some((build) => findSame(newTop, build) !== undefined);
  const [oldNewest, newNewest] = keepsNewest ? [] : [oldTop[0], newTop[0]];
  const changes: IndexChange[] = [];
  if (oldNewest !== undefined && newNewest !== undefined)
    changes.push({ ...here, kind: kindOf(oldNewest, newNewest), before: oldNewest, after: newNewest });
  else if (oldNewest !== undefined)
    changes.push({ ...here, kind: "removed", before: oldNewest, after: undefined });
  else if (newNewest !== undefined)
    changes.push({ ...here, kind: "added", before: undefined, after: newNewest });
  for (const build of before) {
    const same = findSame(after, build);
    if (same === undefined && build !== oldNewest)
      changes.push({ ...here, kind: "version-removed", before: build, after: undefined });
    if (same !== undefined && same.digest !== build.digest)
      changes.push({ ...here, kind: "changed-bytes", before: build, after: same });
  }
  for (const build of after)
    if (build !== newNewest && findSame(before, build) === undefined)
      changes.push({ ...here, kind: "version-added", before: undefined, after: build });
  return changes;
}

const findSame = (builds: readonly PackageBuild[], build: PackageBuild): PackageBuild | undefined =>
  builds.find((one) => isSameBuild(one, build));

/** Returns the builds of the newest version: several if it has two spellings, or architectures. */
function newestOf(builds: readonly PackageBuild[]): readonly PackageBuild[] {
  let newest: readonly PackageBuild[] = [];
  for (const build of builds) {
    const [top] = newest;
    const order = top === undefined ? 1 : compareVersions(build.version, top.version);
    if (order > 0) newest = [build];
    else if (order === 0) newest = [...newest, build];
  }
  return newest;
}

const isSameBuild = (one: PackageBuild, other: PackageBuild): boolean =>
  one.version === other.version && one.architecture === other.architecture && one.variant === other.variant;

const firstOfEach = (builds: readonly PackageBuild[]): readonly PackageBuild[] =>
  builds.filter((build, at) => builds.findIndex((one) => isSameBuild(one, build)) === at);
