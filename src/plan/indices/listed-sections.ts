import type { Release } from "../../repository/index.ts";

/** The architectures with a Packages in each directory of a section; "source" for Sources. */
export type ListedSections = ReadonlyMap<string, ReadonlySet<string>>;

/** Reads the sections from the names of the indices: the fields of Release may list more or less. */
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
 * Returns the directories that a section may have, the likeliest first. If Components has a prefix ("updates/main", as in
 * debian-security), the whole and its last part are names of the section.
 */
export function placesOf(section: string, release: Release): readonly string[] {
  const prefixed = release.components.filter((component) => lastPart(component) === section);
  const short = release.components.includes(section) ? [lastPart(section)] : [];
  return [section, ...short, ...prefixed];
}

export function lastPart(component: string): string {
  return component.slice(component.lastIndexOf("/") + 1);
}
