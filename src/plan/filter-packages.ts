import { compareVersions } from "../repository/index.ts";

/** What the filters see of a package. The architecture of a source package is "source". */
export interface PackageIdentity {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** Such as "amd64v3": of the index that lists the package, or of the package. `architecture` is then the base. */
  readonly variant?: string | undefined;
}

export interface PackageFilters {
  /** How many versions to keep for each name, architecture and variant, newest first; 0 keeps all. */
  readonly keepVersions: number;
  /** Matched with the name and with `name_version`. */
  readonly excludePatterns: readonly RegExp[];
}

/** True if there are filters at all. Otherwise the packages need not be gathered. */
export function filtersPackages({ keepVersions, excludePatterns }: PackageFilters): boolean {
  return keepVersions > 0 || excludePatterns.length > 0;
}

/**
 * Returns the packages to mirror, in the given order. `packages` are those of all indices of a mirror, so that a version
 * in several indices or suites counts once. Versions are compared as dpkg does, for which 1.0 equals 1.00.
 */
export function filterPackages<Package extends PackageIdentity>(
  packages: readonly Package[],
  filters: PackageFilters,
): readonly Package[] {
  if (!filtersPackages(filters)) return packages;
  const { keepVersions, excludePatterns } = filters;
  const left = packages.filter(
    ({ name, version }) =>
      !excludePatterns.some((pattern) => pattern.test(name) || pattern.test(`${name}_${version}`)),
  );
  if (keepVersions === 0) return left;
  const oldestKept = findOldestKept(left, keepVersions);
  return left.filter((item) => {
    const oldest = oldestKept.get(groupOf(item));
    return oldest === undefined || compareVersions(item.version, oldest) >= 0;
  });
}

/** Returns the oldest version to keep of each group, without the groups that are kept whole. */
function findOldestKept(packages: readonly PackageIdentity[], keepVersions: number): Map<string, string> {
  const versionsByGroup = new Map<string, Set<string>>();
  for (const item of packages) {
    const group = groupOf(item);
    const versions = versionsByGroup.get(group);
    if (versions === undefined) versionsByGroup.set(group, new Set([item.version]));
    else versions.add(item.version);
  }
  const oldestKept = new Map<string, string>();
  for (const [group, versions] of versionsByGroup) {
    if (versions.size <= keepVersions) continue;
    const oldest = newestFirst(versions)[keepVersions - 1];
    if (oldest !== undefined) oldestKept.set(group, oldest);
  }
  return oldestKept;
}

/** Leaves out versions that only spell another one differently. */
function newestFirst(versions: ReadonlySet<string>): string[] {
  return [...versions]
    .toSorted((a, b) => compareVersions(b, a))
    .filter((version, at, all) => at === 0 || compareVersions(version, all[at - 1] ?? "") !== 0);
}

function groupOf({ name, architecture, variant = "" }: PackageIdentity): string {
  return `${name} ${architecture} ${variant}`;
}
