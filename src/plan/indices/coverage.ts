import { type Release, RepositoryError } from "../../repository/index.ts";
import { isVariantOf } from "./architecture-variants.ts";
import { type ListedSections, lastPart, placesOf } from "./listed-sections.ts";
import type { MirrorSelection, Selection, SuiteNote } from "./selection.ts";

/**
 * What a suite has of what a mirror wants. Suites differ: one may lack a section or an architecture that others have. As
 * in apt, what Release declares in Components or Architectures without listing an index is empty, and not lacking.
 */
export interface Coverage {
  readonly suite: string;
  /** Directories of the wanted sections that have packages or sources. */
  readonly directories: readonly string[];
  /** The same, and those where other indices of the other wanted sections may be. */
  readonly places: readonly string[];
  readonly lackedSections: readonly string[];
  readonly lackedArchitectures: readonly string[];
  /** All sections that the suite lists, wanted or not. */
  readonly listedSections: readonly string[];
  /** All architectures that the wanted sections list. */
  readonly listedArchitectures: readonly string[];
  readonly notes: readonly SuiteNote[];
}

export function coverageOf(
  release: Release,
  listed: ListedSections,
  { suite, sections, architectures }: Selection,
): Coverage {
  const found = sections.map((section) => {
    const candidates = placesOf(section, release);
    return { section, candidates, directory: candidates.find((name) => listed.has(name)) };
  });
  const directories = [...new Set(found.flatMap(({ directory }) => directory ?? []))];
  const lackedSections = found
    .filter(({ section, directory }) => directory === undefined && !declaresSection(release, section))
    .map(({ section }) => section);
  const lacking = lackingArchitectures(release, directories, listed, architectures);
  return {
    suite: suite.name,
    directories,
    places: found.flatMap(({ directory, candidates }) => directory ?? candidates),
    lackedSections,
    lackedArchitectures: lacking.flatMap((note) => (note.section === undefined ? note.architecture : [])),
    listedSections: [...listed.keys()],
    listedArchitectures: architecturesOf(directories, listed),
    // If a variant is missing, apt reads the base, without a warning.
    notes: [
      ...lackedSections.map((section) => ({ kind: "section-lacking", section }) as const),
      ...lacking
        .filter(({ architecture }) => !architectures.some((base) => isVariantOf(architecture, base)))
        .map((note) => ({ kind: "architecture-lacking", ...note }) as const),
    ],
  };
}

/** Throws SECTION_NOT_LISTED or ARCHITECTURE_NOT_LISTED for what no suite has, naming what is listed. */
export function assertCovered(
  suites: readonly Coverage[],
  { sections, architectures }: Pick<MirrorSelection, "sections" | "architectures">,
): void {
  if (suites.length === 0) return;
  for (const section of sections) {
    if (!suites.every(({ lackedSections }) => lackedSections.includes(section))) continue;
    throw notListed("section", section, suites, ({ listedSections }) => listedSections);
  }
  // A suite without any of the sections shows nothing about architectures.
  const withSections = suites.filter(({ directories }) => directories.length > 0);
  if (withSections.length === 0) return;
  for (const architecture of demanded(architectures)) {
    if (!withSections.every(({ lackedArchitectures }) => lackedArchitectures.includes(architecture)))
      continue;
    throw notListed("architecture", architecture, suites, (suite) => suite.listedArchitectures);
  }
}

interface LackingArchitecture {
  readonly architecture: string;
  /** Undefined if no section of the suite has it. */
  readonly section: string | undefined;
}

function lackingArchitectures(
  release: Release,
  directories: readonly string[],
  listed: ListedSections,
  wanted: readonly string[],
): readonly LackingArchitecture[] {
  // A section whose packages are all for "all" does not lack an architecture: apt does not warn.
  const specific = directories.filter((directory) => !isForAll(listed.get(directory)));
  return demanded(wanted)
    .filter((architecture) => !release.architectures.includes(architecture))
    .flatMap((architecture): readonly LackingArchitecture[] => {
      const lacking = specific.filter((directory) => listed.get(directory)?.has(architecture) !== true);
      if (directories.length > 0 && lacking.length === directories.length)
        return [{ architecture, section: undefined }];
      return lacking.map((section) => ({ architecture, section }));
    });
}

const isForAll = (names: ReadonlySet<string> | undefined): boolean =>
  names?.has("all") === true && [...names].every((name) => name === "all" || name === "source");

function architecturesOf(directories: readonly string[], listed: ListedSections): readonly string[] {
  const names = new Set(directories.flatMap((directory) => [...(listed.get(directory) ?? [])]));
  names.delete("source");
  return [...names];
}

/** Leaves out "all" unless it is wanted alone: many upstreams list its packages in the Packages of each architecture. */
function demanded(architectures: readonly string[]): readonly string[] {
  const others = architectures.filter((architecture) => architecture !== "all");
  return others.length > 0 ? others : ["all"];
}

const declaresSection = ({ components }: Release, section: string): boolean =>
  components.some((component) => component === section || lastPart(component) === section);

function notListed(
  what: "section" | "architecture",
  name: string,
  suites: readonly Coverage[],
  listedBy: (suite: Coverage) => readonly string[],
): RepositoryError {
  const listed = [...new Set(suites.flatMap(listedBy))].toSorted();
  const names = suites.map(({ suite }) => suite);
  const known = listed.join(", ") || "none";
  const problem =
    suites.length === 1
      ? `Release lists no indices for ${what} ${name}; it lists ${known}`
      : `no Release lists indices for ${what} ${name}; they list ${known}`;
  return new RepositoryError(
    what === "section" ? "SECTION_NOT_LISTED" : "ARCHITECTURE_NOT_LISTED",
    `${names.join(", ")}: ${problem}`,
    {
      facts: { suites: names, [what]: name, listed },
      hint: `Change ${what}s in the configuration of this mirror.`,
    },
  );
}
