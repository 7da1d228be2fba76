import { quote, type Release, RepositoryError } from "../repository/index.ts";
import { groupForms, type IndexForms } from "./index-forms.ts";
import { type Classified, classifyBesideRelease, classifyFlat, classifyInSection } from "./index-kinds.ts";
import { checkArchitectures, findSections, type ListedSections, listSections } from "./listed-sections.ts";
import type { IndexSelection, Selection, WantedIndex } from "./selection.ts";
import { foreignNames } from "./suite-name.ts";
import { isFlat } from "./suite-root.ts";

/**
 * The listed indices that a client of the selection may ask for: the served Release promises them all, and apt drops
 * the whole suite when one is missing. Throws SECTION_NOT_LISTED and ARCHITECTURE_NOT_LISTED, naming what is listed.
 */
export function selectIndices(release: Release, selection: Selection): IndexSelection {
  const listed = groupForms(release.files);
  const chosen = isFlat(selection.suite)
    ? selectFlat(listed, selection)
    : selectSections(listed, release, selection);
  const warnings = [
    ...warnOfSuiteName(release, selection.suite),
    ...chosen.warnings,
    ...chosen.indices.flatMap((index) => warnOfMissingPlain(index, selection.suite)),
  ];
  return { indices: chosen.indices, warnings };
}

/** Every listed index that a client may ask for whatever it selects: for a tree of which nobody knows the selection. */
export function selectAllIndices(release: Release, suite: string): readonly WantedIndex[] {
  const listed = listSections(groupForms(release.files).keys());
  const architectures = new Set([...listed.values()].flatMap((names) => [...names]));
  architectures.delete("source");
  const kinds = { contents: true, translations: true, dep11: true, cnf: true, installer: true };
  const sections = [...listed.keys()];
  const selection = { suite, sections, architectures: [...architectures], source: true, kinds };
  return selectIndices(release, selection).indices;
}

type Listed = ReadonlyMap<string, IndexForms>;

function selectSections(listed: Listed, release: Release, selection: Selection): IndexSelection {
  const { suite } = selection;
  const listedSections = listSections(listed.keys());
  const sections = findSections(selection.sections, listedSections, release, suite);
  const indices: WantedIndex[] = [];
  for (const [name, forms] of listed) {
    const classified = classifyName(name, sections, selection);
    if (classified === undefined) continue;
    // No-Support-for-Architecture-all: clients read such a binary-all/Packages only in part, or not at all.
    const isOptional = classified.architecture === "all" && release.noSupportForArchitectureAll;
    indices.push({ ...forms, name, kind: classified.kind, required: isRequired(classified) && !isOptional });
  }
  const warnings = [
    ...checkArchitectures(selection.architectures, sections, listedSections, suite),
    ...(selection.source ? warnOfMissingSources(sections, listedSections, suite) : []),
    ...(selection.kinds.installer ? warnOfMissingInstaller(indices, suite) : []),
  ];
  return { indices, warnings };
}

function selectFlat(listed: Listed, selection: Selection): IndexSelection {
  const indices: WantedIndex[] = [];
  for (const [name, forms] of listed) {
    const classified = classifyFlat(name, selection);
    if (classified === undefined) continue;
    indices.push({ ...forms, name, kind: classified.kind, required: isRequired(classified) });
  }
  if (!indices.some((index) => index.required)) {
    throw new RepositoryError(
      "SECTION_NOT_LISTED",
      `${selection.suite}: Release lists no ${selection.source ? "Packages or Sources" : "Packages"} beside itself`,
      {
        facts: { suite: selection.suite, listed: [...listed.keys()].slice(0, 20) },
        hint: 'A suite that ends in "/" is a flat repository; one with sections is written without "/".',
      },
    );
  }
  return { indices, warnings: [] };
}

function classifyName(
  name: string,
  sections: readonly string[],
  selection: Selection,
): Classified | undefined {
  for (const directory of sections) {
    if (!name.startsWith(`${directory}/`)) continue;
    const classified = classifyInSection(name.slice(directory.length + 1), selection);
    if (classified !== undefined) return classified;
  }
  return classifyBesideRelease(name, selection);
}

function isRequired({ kind }: Classified): boolean {
  return kind === "packages" || kind === "sources";
}

function warnOfMissingSources(sections: readonly string[], listed: ListedSections, suite: string): string[] {
  return sections
    .filter((section) => listed.get(section)?.has("source") !== true)
    .map((section) => `${suite}: section ${section} lists no Sources`);
}

function warnOfMissingInstaller(indices: readonly WantedIndex[], suite: string): string[] {
  return indices.some(({ kind, name }) => kind === "installer-images" || name.includes("/debian-installer/"))
    ? []
    : [`${suite}: Release lists neither udebs nor installer images`];
}

/** apt looks for an index only where its uncompressed name is listed, and takes it for absent otherwise. */
function warnOfMissingPlain({ name, kind, plain }: WantedIndex, suite: string): string[] {
  if (plain !== undefined || (kind !== "packages" && kind !== "sources")) return [];
  return [`${suite}: only compressed forms of ${name} are listed, so apt takes it for absent`];
}

/** apt warns too; debootstrap refuses. */
function warnOfSuiteName(release: Release, requested: string): string[] {
  const names = foreignNames(release, requested);
  return names.length === 0
    ? []
    : [`${requested}: Release calls itself ${names.map(quote).join(", ")}, and apt will warn of that`];
}
