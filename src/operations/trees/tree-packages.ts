import {
  binaryFields,
  type PackageBuild,
  type Place,
  readBinaryBuild,
  readSourceBuild,
  sourceFields,
  sourceOf,
  sourcePaths,
} from "../../changes/index.ts";
import type { Contents, ContentsReading, HeldIndex } from "../../contents/index.ts";
import { countsVersions, filterPackages, isVariant, type PackageIdentity } from "../../plan/index.ts";

/** What a tree has of the packages that its indices list. */
export interface TreePackages {
  /** Packages and Sources, by `placeKey`. */
  readonly indices: ReadonlyMap<string, HeldIndex>;
  readonly reading: ContentsReading;
  /** Streams the packages of an index, without those that the filters left out or that upstream lacked. */
  read(index: HeldIndex): AsyncIterable<PackageBuild>;
}

/** A tree, and how its sync read it. */
export interface OpenedTree {
  readonly contents: Contents;
  readonly reading: ContentsReading;
}

export function packagesOf({ contents, reading }: OpenedTree): TreePackages {
  const indices = contents.suites
    .flatMap((suite) => suite.indices)
    .filter(({ wanted: { kind } }) => kind === "packages" || kind === "sources");
  const missing = new Set(reading.missing);
  const { filters } = reading;
  const readListed = (index: HeldIndex) => readBuilds(contents, index, missing);
  let kept: Promise<KeptPackages> | undefined;
  return {
    indices: new Map(indices.map((index) => [placeKey(placeOf(index)), index])),
    reading,
    async *read(index) {
      if (countsVersions(filters)) {
        kept ??= readKept(indices, readListed, filters);
        yield* (await kept).get(index) ?? [];
        return;
      }
      for await (const build of readListed(index))
        if (filterPackages([build], filters).length > 0) yield build;
    },
  };
}

async function* readBuilds(
  contents: Contents,
  index: HeldIndex,
  missing: ReadonlySet<string>,
): AsyncGenerator<PackageBuild> {
  const { root } = index.suite;
  const isMissing = (paths: readonly string[]): boolean =>
    paths.some((path) => missing.has(path) || missing.has(`${root}/${path}`)); // of a flat suite, see flat-paths.ts
  if (index.wanted.kind === "packages")
    for await (const { stanza } of contents.packages(binaryFields, index)) {
      if (missing.size === 0 || !isMissing([stanza.get("filename") ?? ""])) yield readBinaryBuild(stanza);
    }
  else
    for await (const { stanza } of contents.sources(sourceFields, index)) {
      if (missing.size === 0 || !isMissing(sourcePaths(stanza))) yield readSourceBuild(stanza);
    }
}

type KeptPackages = ReadonlyMap<HeldIndex, readonly PackageBuild[]>;

/** Which versions are the newest depends on all indices of a tree. */
async function readKept(
  indices: readonly HeldIndex[],
  read: (index: HeldIndex) => AsyncIterable<PackageBuild>,
  filters: ContentsReading["filters"],
): Promise<KeptPackages> {
  const listed: (PackageIdentity & { readonly index: HeldIndex; readonly build: PackageBuild })[] = [];
  for (const index of indices) {
    const { architecture } = index.wanted;
    const ofVariant = architecture !== undefined && isVariant(architecture) ? { variant: architecture } : {};
    for await (const build of read(index)) {
      const { name: sourceName, version: sourceVersion } = sourceOf(build);
      listed.push({ ...build, ...ofVariant, sourceName, sourceVersion, index, build });
    }
  }
  const kept = new Map<HeldIndex, PackageBuild[]>();
  for (const { index, build } of filterPackages(listed, filters)) {
    const builds = kept.get(index);
    if (builds === undefined) kept.set(index, [build]);
    else builds.push(build);
  }
  return kept;
}

export function placeOf({ suite, wanted: { name, kind, architecture } }: HeldIndex): Place {
  return {
    suite: suite.name,
    section: suite.isFlat ? undefined : name.replace(/\/(?:binary-[^/]+|source)\/[^/]+$/, ""),
    architecture: kind === "sources" ? "source" : architecture,
  };
}

const placeKey = ({ suite, section = "", architecture = "" }: Place): string =>
  [suite, section, architecture].join("\n");
