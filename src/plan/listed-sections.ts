import { type Release, RepositoryError } from "../repository/index.ts";

/** For each directory of sections, which architectures have a Packages there; "source" stands for Sources. */
export type ListedSections = ReadonlyMap<string, ReadonlySet<string>>;

/** Reads the sections from the names of the indices: the fields of Release say more, or less, than is there. */
export function listSections(plainNames: Iterable<string>): ListedSections {
  const sections = new Map<string, Set<string>>();
  for (const name of plainNames) {
    const match = /^(.+)\/(?:binary-([^/]+)\/Packages|source\/Sources)$/.exec(name);
    if (match?.[1] === undefined) continue;
    const architectures = sections.get(match[1]) ?? new Set();
    sections.set(match[1], architectures.add(match[2] ?? "source"));
  }
  return sections;
}

/**
 * The directories of the wanted sections. Where Components has a prefixed form ("updates/main", as debian-security),
 * both that and its last part name the section, and whichever is listed is its directory. Throws SECTION_NOT_LISTED.
 */
export function findSections(
  wanted: readonly string[],
  listed: ListedSections,
  release: Release,
  suite: string,
): string[] {
  const directories = wanted.map((section) => {
    const prefixed = release.components.filter((component) => lastPart(component) === section);
    const short = release.components.includes(section) ? [lastPart(section)] : [];
    const directory = [section, ...short, ...prefixed].find((name) => listed.has(name));
    if (directory !== undefined) return directory;
    throw notListed("SECTION_NOT_LISTED", "section", section, [...listed.keys()], suite);
  });
  return [...new Set(directories)];
}

/**
 * Warns of each architecture that one section lacks and another has, as upstreams do on purpose, or that all lack since
 * their packages are for every one. Throws ARCHITECTURE_NOT_LISTED for one that no section has.
 */
export function checkArchitectures(
  wanted: readonly string[],
  sections: readonly string[],
  listed: ListedSections,
  suite: string,
): string[] {
  // "all" is never demanded, as many upstreams list its packages in every other architecture's Packages instead.
  const demanded = wanted.filter((architecture) => architecture !== "all");
  const found = new Set(sections.flatMap((section) => [...(listed.get(section) ?? [])]));
  found.delete("source");
  const isForAll = found.size === 1 && found.has("all");
  return (demanded.length > 0 ? demanded : ["all"]).flatMap((architecture) => {
    const lacking = sections.filter((section) => listed.get(section)?.has(architecture) !== true);
    if (lacking.length < sections.length || isForAll) {
      return lacking.map((section) => `${suite}: section ${section} lists no architecture ${architecture}`);
    }
    throw notListed("ARCHITECTURE_NOT_LISTED", "architecture", architecture, [...found], suite);
  });
}

function lastPart(component: string): string {
  return component.slice(component.lastIndexOf("/") + 1);
}

function notListed(
  code: "SECTION_NOT_LISTED" | "ARCHITECTURE_NOT_LISTED",
  what: "section" | "architecture",
  name: string,
  listed: string[],
  suite: string,
): RepositoryError {
  const names = listed.toSorted();
  return new RepositoryError(
    code,
    `${suite}: Release lists no indices for ${what} ${name}; it lists ${names.join(", ") || "none"}`,
    {
      facts: { suite, [what]: name, listed: names },
      hint: `Change ${what}s in the configuration of this mirror.`,
    },
  );
}
