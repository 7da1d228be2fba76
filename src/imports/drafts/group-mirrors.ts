import type { DraftMirror, Values } from "./imported.ts";
import { freeId, mirrorId, type TakenIds } from "./mirror-ids.ts";
import type { Place } from "./place.ts";

/** One suite of one upstream, as a line of a configuration selects it. */
export interface SelectedSuite {
  /** Without credentials. */
  readonly urls: readonly string[];
  readonly suite: string;
  /** Empty for a flat suite. */
  readonly sections: readonly string[];
  readonly architectures: readonly string[];
  readonly source: boolean;
  readonly place: Place | undefined;
  /** What the other tool calls it: suites of different names are never one mirror. */
  readonly name?: string | undefined;
  readonly values?: Values | undefined;
  readonly tables?: Readonly<Record<string, Values>> | undefined;
}

interface Selection {
  readonly first: SelectedSuite;
  readonly sections: Set<string>;
  readonly architectures: Set<string>;
  readonly places: Map<string, Place>;
  source: boolean;
}

/**
 * Makes one mirror of all suites of an upstream that have the same sections, architectures, sources and keys. `ids` are
 * those of other mirrors.
 */
export function groupMirrors(
  selected: readonly SelectedSuite[],
  ids: TakenIds = new Map(),
): readonly DraftMirror[] {
  const suites = new Map<string, Selection>();
  for (const one of selected) {
    const { sections, architectures, source, place } = one;
    const selection = suites.getOrInsertComputed(`${ownerOf(one)} ${one.suite}`, () => ({
      first: one,
      sections: new Set(),
      architectures: new Set(),
      places: new Map(),
      source: false,
    }));
    for (const section of sections) selection.sections.add(section);
    for (const architecture of architectures) selection.architectures.add(architecture);
    if (place !== undefined) selection.places.set(JSON.stringify(place), place);
    selection.source ||= source;
  }
  const groups = Map.groupBy(suites.values(), ({ first, sections, architectures, source }) =>
    JSON.stringify([ownerOf(first), [...sections].toSorted(), [...architectures].toSorted(), source]),
  );
  return [...groups.values()].flatMap((group) => mirrorOf(group, ids));
}

const ownerOf = ({ urls, name, values, tables }: SelectedSuite): string =>
  JSON.stringify([urls, name, values, tables]);

function mirrorOf(group: readonly Selection[], ids: TakenIds): readonly DraftMirror[] {
  const [{ first, sections, architectures, source } = {}] = group;
  if (first === undefined) return [];
  const { urls, suite, name, values = {}, tables = {} } = first;
  return [
    {
      id: name === undefined ? mirrorId(urls[0] ?? "", suite, ids) : freeId(name, ids),
      urls,
      suites: group.map((one) => one.first.suite),
      sections: [...(sections ?? [])],
      architectures: [...(architectures ?? [])],
      source: source === true,
      values,
      tables,
      places: [...new Map(group.flatMap(({ places }) => [...places])).values()],
    },
  ];
}
