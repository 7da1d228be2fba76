import type { Release } from "../repository/index.ts";

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
 * The directories that a section may have, the likeliest first. Where Components has a prefixed form ("updates/main", as
 * debian-security), both that and its last part name the section.
 */
export function placesOf(section: string, release: Release): readonly string[] {
  const prefixed = release.components.filter((component) => lastPart(component) === section);
  const short = release.components.includes(section) ? [lastPart(section)] : [];
  return [section, ...short, ...prefixed];
}

export function lastPart(component: string): string {
  return component.slice(component.lastIndexOf("/") + 1);
}
