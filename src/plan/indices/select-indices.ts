import { type Release, RepositoryError, type Suite } from "../../repository/index.ts";
import { assertCovered, type Coverage, coverageOf } from "./coverage.ts";
import { groupForms } from "./index-forms.ts";
import {
  allKinds,
  type Classified,
  classifyBesideRelease,
  classifyFlat,
  classifyInSection,
} from "./index-kinds.ts";
import { type ListedSections, listSections } from "./listed-sections.ts";
import type {
  IndexForms,
  IndexSelection,
  MirrorSelection,
  Selection,
  SuiteNote,
  WantedIndex,
} from "./selection.ts";

/**
 * Selects the indices of every suite of a mirror, in the given order. Throws SECTION_NOT_LISTED or
 * ARCHITECTURE_NOT_LISTED for what no suite has.
 */
export function selectMirrorIndices(
  suites: readonly { readonly suite: Suite; readonly release: Release }[],
  wanted: MirrorSelection,
): readonly IndexSelection[] {
  const selected = suites.map(({ suite, release }) => selectIndices(release, { ...wanted, suite }));
  assertCovered(
    selected.flatMap(({ coverage }) => coverage ?? []),
    wanted,
  );
  return selected;
}

/**
 * Selects the listed indices that a client of the selection may request. The served Release lists them all, and apt
 * drops the whole suite if one is missing. Notes what the suite lacks. Throws SECTION_NOT_LISTED for a flat suite that
 * lists no Packages, or Sources if these are wanted.
 */
export function selectIndices(release: Release, selection: Selection): SelectedSuite {
  const listed = groupForms(release);
  const chosen = selection.suite.isFlat
    ? selectFlat(listed, selection)
    : selectSections(listed, release, selection);
  const notes = [
    ...noteOtherNames(release, selection.suite),
    ...chosen.notes,
    ...chosen.indices.flatMap(noteMissingPlain),
  ];
  return { ...chosen, notes };
}

interface SelectedSuite extends IndexSelection {
  /** Undefined for a flat suite, which has neither sections nor architectures. */
  readonly coverage: Coverage | undefined;
}

/** Selects every index that any client may request: for a tree of unknown selection. */
export function selectAllIndices(release: Release, suite: Suite): readonly WantedIndex[] {
  const listed = listSections(groupForms(release).keys());
  const architectures = new Set([...listed.values()].flatMap((names) => [...names]));
  for (const declared of release.architectures) architectures.add(declared);
  architectures.delete("source");
  const sections = [...new Set([...listed.keys(), ...release.components])];
  const selection = { suite, sections, architectures: [...architectures], source: true, kinds: allKinds };
  return selectIndices(release, selection).indices;
}

type Listed = ReadonlyMap<string, IndexForms>;

function selectSections(listed: Listed, release: Release, selection: Selection): SelectedSuite {
  const listedSections = listSections(listed.keys());
  const coverage = coverageOf(release, listedSections, selection);
  const indices: WantedIndex[] = [];
  for (const forms of listed.values()) {
    const classified = classifyName(forms.name, coverage.places, selection);
    if (classified === undefined) continue;
    // No-Support-for-Architecture-all: clients read this binary-all/Packages in part, or not at all.
    const isOptional = classified.architecture === "all" && release.noSupportForArchitectureAll;
    indices.push({ ...forms, ...classified, required: isRequired(classified) && !isOptional });
  }
  const notes = [
    ...coverage.notes,
    ...(selection.source ? noteMissingSources(coverage.directories, listedSections) : []),
    ...(selection.kinds.installer ? noteMissingInstaller(indices) : []),
  ];
  return { indices, notes, coverage };
}

function selectFlat(listed: Listed, selection: Selection): SelectedSuite {
  const indices: WantedIndex[] = [];
  for (const forms of listed.values()) {
    const classified = classifyFlat(forms.name, selection);
    if (classified === undefined) continue;
    indices.push({ ...forms, ...classified, required: isRequired(classified) });
  }
  if (!indices.some((index) => index.required)) {
    throw new RepositoryError(
      "SECTION_NOT_LISTED",
      `${selection.suite.name}: Release lists no ${selection.source ? "Packages or Sources" : "Packages"} beside itself`,
      {
        facts: { suite: selection.suite.name, listed: [...listed.keys()].slice(0, 20) },
        hint: 'A suite that ends in "/" is a flat repository; one with sections is written without "/".',
      },
    );
  }
  return { indices, notes: [], coverage: undefined };
}

function classifyName(
  name: string,
  directories: readonly string[],
  selection: Selection,
): Classified | undefined {
  for (const directory of directories) {
    if (!name.startsWith(`${directory}/`)) continue;
    const classified = classifyInSection(directory, name.slice(directory.length + 1), selection);
    if (classified !== undefined) return classified;
  }
  return classifyBesideRelease(name, selection);
}

function isRequired({ kind }: Classified): boolean {
  return kind === "packages" || kind === "sources";
}

function noteMissingSources(sections: readonly string[], listed: ListedSections): readonly SuiteNote[] {
  return sections
    .filter((section) => listed.get(section)?.has("source") !== true)
    .map((section) => ({ kind: "sources-lacking", section }));
}

function noteMissingInstaller(indices: readonly WantedIndex[]): readonly SuiteNote[] {
  return indices.some(({ kind, name }) => kind === "installer-images" || name.includes("/debian-installer/"))
    ? []
    : [{ kind: "installer-lacking" }];
}

function noteMissingPlain({ name, kind, plain }: WantedIndex): readonly SuiteNote[] {
  if (plain !== undefined || (kind !== "packages" && kind !== "sources")) return [];
  return [{ kind: "plain-name-lacking", index: name }];
}

function noteOtherNames(release: Release, requested: Suite): readonly SuiteNote[] {
  const names = requested.foreignNames(release);
  return names.length === 0 ? [] : [{ kind: "other-names", names }];
}
