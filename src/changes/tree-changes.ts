import { type BuiltUsing, compareBuiltUsing } from "./built-using.ts";
import { type ChangeCounts, changeKinds, countKinds, type IndexChange, type Place } from "./change.ts";
import { type PackageBuild, sourceOf } from "./package-build.ts";
import { pairMoves } from "./pair-moves.ts";

/** How one package differs, in all architectures whose indices list the same two versions. */
export interface PackageChange extends Pick<IndexChange, "kind" | "before" | "after"> {
  readonly suite: string;
  readonly section: string | undefined;
  /** Those of the indices; empty for Packages of a flat suite. */
  readonly architectures: readonly string[];
  readonly movedFrom: Omit<Place, "architecture"> | undefined;
  /** For what was rebuilt or has other bytes. */
  readonly builtUsing: readonly BuiltUsing[];
}

/** The changes of the packages of one source. */
export interface SourceChanges {
  readonly source: string;
  readonly changes: readonly PackageChange[];
}

/** How the packages of two trees differ. */
export interface TreeChanges {
  /** A package of architecture "all" counts once, however many indices list it. */
  readonly counts: ChangeCounts;
  /** The places with changes. Each index counts what it lists. */
  readonly places: readonly { readonly place: Place; readonly counts: ChangeCounts }[];
  /** By name. */
  readonly sources: readonly SourceChanges[];
}

/** Puts the changes of all indices together. `source` chooses those of one source package. */
export function combineChanges(changes: readonly IndexChange[], source?: string): TreeChanges {
  const found = pairMoves(changes).filter((one) => source === undefined || isOfSource(one, source));
  const sources = [...groupBy(mergeArchitectures(found), sourceNameOf)]
    .map(([name, its]) => ({ source: name, changes: its.toSorted(inOrder) }))
    .toSorted((a, b) => compareTexts(a.source, b.source));
  return {
    counts: countKinds(sources.flatMap((one) => one.changes)),
    places: [...groupBy(found, ({ place }) => place)].map(([place, its]) => ({
      place,
      counts: countKinds(its),
    })),
    sources,
  };
}

function sourceNameOf({ before, after }: Pick<IndexChange, "before" | "after">): string {
  const build = after ?? before;
  return build === undefined ? "" : sourceOf(build).name;
}

const isOfSource = ({ before, after }: IndexChange, name: string): boolean =>
  [before, after].some((build) => build !== undefined && sourceOf(build).name === name);

function mergeArchitectures(changes: readonly IndexChange[]): readonly PackageChange[] {
  return [...groupBy(changes, mergeKey).values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const { kind, place, movedFrom, before, after } = first;
    const isRebuild = kind === "rebuilt" || kind === "changed-bytes";
    return {
      kind,
      suite: place.suite,
      section: place.section,
      architectures: same.flatMap((one) => one.place.architecture ?? []).toSorted(),
      movedFrom: movedFrom && { suite: movedFrom.suite, section: movedFrom.section },
      before,
      after,
      builtUsing:
        isRebuild && before !== undefined && after !== undefined ? compareBuiltUsing(before, after) : [],
    };
  });
}

const mergeKey = ({ kind, place, movedFrom, before, after }: IndexChange): string =>
  [kind, ...placeKey(place), ...placeKey(movedFrom), ...buildKey(before), ...buildKey(after)].join("\n");

const placeKey = (place: Place | undefined): readonly string[] => [place?.suite ?? "", place?.section ?? ""];

const buildKey = (build: PackageBuild | undefined): readonly string[] => [
  build?.name ?? "",
  build?.version ?? "",
  build?.architecture ?? "",
  build?.variant ?? "",
  build?.digest ?? "",
];

/** By package, then by place; the kinds that matter most come first. */
const inOrder = (a: PackageChange, b: PackageChange): number =>
  compareTexts(orderKey(a), orderKey(b)) || changeKinds.indexOf(a.kind) - changeKinds.indexOf(b.kind);

const orderKey = ({ before, after, suite, section, architectures }: PackageChange): string =>
  [(after ?? before)?.name, suite, section, ...architectures].join("\n");

const compareTexts = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

function groupBy<Item, Key>(
  items: readonly Item[],
  keyOf: (item: Item) => Key,
): ReadonlyMap<Key, readonly Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
