import type { Release, Suite } from "../../repository/index.ts";
import { groupForms } from "./index-forms.ts";
import { listSections, placesOf } from "./listed-sections.ts";
import type { MirrorSelection } from "./selection.ts";

/** A variant of a selected architecture that suites list and the mirror does not select. */
export interface VariantLeftOut {
  /** Such as "amd64v3". */
  readonly variant: string;
  /** Such as "amd64". */
  readonly architecture: string;
  readonly suites: readonly string[];
}

/**
 * True for the names that dpkg gives to variants: an architecture with a level of its processors, "amd64v3". Their
 * packages have the Architecture of the base, and an Architecture-Variant.
 */
export function isVariantOf(name: string, architecture: string): boolean {
  return name.startsWith(architecture) && level.exec(name)?.index === architecture.length;
}

/** True for a name with a level: clients of the variant see the packages of its index, and no others. */
export const isVariant = (name: string): boolean => (level.exec(name)?.index ?? 0) > 0;

const level = /v\d+(?:\.\d+)?$/;

/**
 * Finds the variants that clients may enable and that the mirror lacks. A client requests the indices of its variant as
 * soon as Release lists them, mostly in place of those of the base, and drops the suite if they are missing.
 */
export function findVariantsLeftOut(
  suites: readonly { readonly suite: Suite; readonly release: Release }[],
  { sections, architectures }: Pick<MirrorSelection, "sections" | "architectures">,
): readonly VariantLeftOut[] {
  const suitesOf = new Map<string, string[]>();
  for (const { suite, release } of suites) {
    if (suite.isFlat) continue;
    for (const name of listedArchitectures(release, sections)) {
      const known = suitesOf.get(name);
      if (known === undefined) suitesOf.set(name, [suite.name]);
      else known.push(suite.name);
    }
  }
  return [...suitesOf].flatMap(([variant, listedBy]) => {
    const architecture = architectures.find((base) => isVariantOf(variant, base));
    if (architecture === undefined || architectures.includes(variant)) return [];
    return [{ variant, architecture, suites: listedBy }];
  });
}

function listedArchitectures(release: Release, sections: readonly string[]): ReadonlySet<string> {
  const listed = listSections(groupForms(release).keys());
  const directories = sections.flatMap((section) => placesOf(section, release));
  return new Set(directories.flatMap((directory) => [...(listed.get(directory) ?? [])]));
}
