import { compareVersions } from "../repository/index.ts";

/** What the filters see of a package. The architecture of a source package is "source". */
export interface PackageIdentity {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** Such as "amd64v3": of the index that lists the package, or of the package. `architecture` is then the base. */
  readonly variant?: string | undefined;
  /** The source that it was built from. Unset: that of its own name and version. */
  readonly sourceName?: string;
  readonly sourceVersion?: string;
}

export interface PackageFilters {
  /** How many versions to keep for each name, architecture and variant, newest first; 0 keeps all. */
  readonly keepVersions: number;
  /** How many versions to keep of each source, newest first, with all packages built from them; unset: all. */
  readonly keepSourceVersions?: number;
  /** Matched with the name and with `name_version`. */
  readonly excludePatterns: readonly RegExp[];
}

/** True if there are filters at all. Otherwise the packages need not be gathered. */
export function filtersPackages(filters: PackageFilters): boolean {
  return filters.excludePatterns.length > 0 || countsVersions(filters);
}

/** True if what is kept of one index depends on all the others, which have other versions. */
export function countsVersions({ keepVersions, keepSourceVersions = 0 }: PackageFilters): boolean {
  return keepVersions > 0 || keepSourceVersions > 0;
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
  const { keepVersions, keepSourceVersions = 0, excludePatterns } = filters;
  const left = packages.filter(
    ({ name, version }) =>
      !excludePatterns.some((pattern) => pattern.test(name) || pattern.test(`${name}_${version}`)),
  );
  const ofSources = keepSourceVersions === 0 ? left : keepNewestSources(left, keepSourceVersions);
  if (keepVersions === 0) return ofSources;
  const oldestKept = findOldestKept(ofSources, keepVersions);
  return ofSources.filter((item) => {
    const oldest = oldestKept.get(groupOf(item));
    return oldest === undefined || compareVersions(item.version, oldest) >= 0;
  });
}

/** Keeps what was built from the newest versions of each source. */
function keepNewestSources<Package extends PackageIdentity>(
  packages: readonly Package[],
  count: number,
): readonly Package[] {
  const keptBySource = new Map<string, ReadonlySet<string>>();
  for (const [source, its] of Map.groupBy(packages, sourceNameOf))
    keptBySource.set(source, newestSourceVersions(its, count));
  return packages.filter((item) => hasVersion(keptBySource.get(sourceNameOf(item)), sourceVersionOf(item)));
}

/**
 * Returns the newest versions of one source, counted for each architecture and variant: one that is built later keeps its own
 * newest versions, and with them what others have of these.
 */
function newestSourceVersions(packages: readonly PackageIdentity[], count: number): ReadonlySet<string> {
  const byPlace = groupVersions(packages, (item) => [placeOf(item), sourceVersionOf(item)]);
  return new Set(byPlace.values().flatMap((versions) => newestFirst(versions).slice(0, count)));
}

/** Versions may be spelled in two ways, of which only one is in the set. */
const hasVersion = (versions: ReadonlySet<string> = new Set(), wanted: string): boolean =>
  versions.has(wanted) || [...versions].some((version) => compareVersions(version, wanted) === 0);

function groupVersions(
  packages: readonly PackageIdentity[],
  read: (item: PackageIdentity) => readonly [group: string, version: string],
): ReadonlyMap<string, ReadonlySet<string>> {
  const byGroup = new Map<string, Set<string>>();
  for (const item of packages) {
    const [group, version] = read(item);
    const versions = byGroup.get(group);
    if (versions === undefined) byGroup.set(group, new Set([version]));
    else versions.add(version);
  }
  return byGroup;
}

/** Returns the oldest version to keep of each group, without the groups that are kept whole. */
function findOldestKept(packages: readonly PackageIdentity[], keepVersions: number): Map<string, string> {
  const versionsByGroup = groupVersions(packages, (item) => [groupOf(item), item.version]);
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

const groupOf = (item: PackageIdentity): string => `${item.name} ${placeOf(item)}`;

const placeOf = ({ architecture, variant = "" }: PackageIdentity): string => `${architecture} ${variant}`;

const sourceNameOf = ({ name, sourceName = name }: PackageIdentity): string => sourceName;

const sourceVersionOf = ({ version, sourceVersion = version }: PackageIdentity): string => sourceVersion;
