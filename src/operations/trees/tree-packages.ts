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
import {
  type Contents,
  type ContentsReading,
  type Differing,
  type HeldIndex,
  readDiffering,
  type StanzaReading,
} from "../../contents/index.ts";
import { countsVersions, filterPackages, isVariant, type PackageIdentity } from "../../plan/index.ts";

/** What a tree has of the packages that its indices list. */
export interface TreePackages {
  /** Packages and Sources, by `placeKey`. */
  readonly indices: ReadonlyMap<string, HeldIndex>;
  readonly reading: ContentsReading;
  /** Streams the packages of an index, without those that the filters left out or that upstream lacked. */
  read(index: HeldIndex): AsyncIterable<PackageBuild>;
  /** Of whole trees, their bytes can be compared, and only what differs has to be read. */
  readonly contents?: Contents | undefined;
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
    contents,
    async *read(index) {
      if (countsVersions(filters)) {
        kept ??= readKept(indices, readListed, filters);
        yield* (await kept).get(index) ?? [];
        return;
      }
      for await (const { build, isMissing } of readListed(index))
        if (!isMissing && filterPackages([build], filters).length > 0) yield build;
    },
  };
}

interface ListedBuild {
  readonly build: PackageBuild;
  /** True if upstream lacked a file of it. */
  readonly isMissing: boolean;
}

/** An index, and the tree that has it. */
export type IndexInTree = readonly [TreePackages, HeldIndex];

/**
 * Reads of an index in two trees, which were read in the same way, every build of the packages that differ and perhaps some of
 * others, as `read` does. Undefined if all of it has to be read.
 */
export async function readDifferingBuilds(
  [old, before]: IndexInTree,
  [present, after]: IndexInTree,
): Promise<Differing<PackageBuild> | undefined> {
  const { filters, missing = [] } = present.reading;
  const [earlier, later] = [old.contents, present.contents];
  if (countsVersions(filters) || earlier === undefined || later === undefined) return undefined;
  const { fields, read } = stanzaReadingOf(after, new Set(missing));
  return await readDiffering(
    { tree: earlier.tree, index: before },
    { tree: later.tree, index: after },
    {
      fields,
      read: (stanza) => {
        const { build, isMissing } = read(stanza);
        return isMissing ? undefined : filterPackages([build], filters)[0];
      },
    },
  );
}

async function* readBuilds(
  contents: Contents,
  index: HeldIndex,
  missing: ReadonlySet<string>,
): AsyncGenerator<ListedBuild> {
  const { fields, read } = stanzaReadingOf(index, missing);
  const records =
    index.wanted.kind === "packages" ? contents.packages(fields, index) : contents.sources(fields, index);
  for await (const { stanza } of records) yield read(stanza);
}

/** How to read the builds of an index. */
function stanzaReadingOf(
  { suite: { root }, wanted: { kind } }: HeldIndex,
  missing: ReadonlySet<string>,
): Pick<StanzaReading<ListedBuild>, "fields"> & { readonly read: (stanza: Stanza) => ListedBuild } {
  const isLacked = (path: string): boolean => missing.has(path) || missing.has(`${root}/${path}`); // see flat-paths.ts
  const isMissing = (paths: readonly string[]): boolean => missing.size > 0 && paths.some(isLacked);
  if (kind === "packages")
    return {
      fields: binaryFields,
      read: (stanza) => ({
        build: readBinaryBuild(stanza),
        isMissing: isMissing([stanza.get("filename") ?? ""]),
      }),
    };
  return {
    fields: sourceFields,
    read: (stanza) => ({ build: readSourceBuild(stanza), isMissing: isMissing(sourcePaths(stanza)) }),
  };
}

type Stanza = Parameters<StanzaReading<unknown>["read"]>[0];

type KeptPackages = ReadonlyMap<HeldIndex, readonly PackageBuild[]>;

/** Which versions are the newest depends on all indices of a tree. One that upstream lacked counts: no older one took its place. */
async function readKept(
  indices: readonly HeldIndex[],
  read: (index: HeldIndex) => AsyncIterable<ListedBuild>,
  filters: ContentsReading["filters"],
): Promise<KeptPackages> {
  const listed: (PackageIdentity & ListedBuild & { readonly index: HeldIndex })[] = [];
  for (const index of indices) {
    const { architecture } = index.wanted;
    const ofVariant = architecture !== undefined && isVariant(architecture) ? { variant: architecture } : {};
    for await (const one of read(index)) {
      const { name: sourceName, version: sourceVersion } = sourceOf(one.build);
      listed.push({ ...one.build, ...ofVariant, sourceName, sourceVersion, index, ...one });
    }
  }
  const kept = new Map<HeldIndex, PackageBuild[]>();
  for (const { index, build, isMissing } of filterPackages(listed, filters)) {
    if (isMissing) continue;
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
