import type { PackageBuild } from "./package-build.ts";

/** A source whose code is in a package, and its version before and now. */
export interface BuiltUsing {
  readonly source: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/**
 * Returns the sources that another version of went into a package, deb-src-control(5): a rebuild may contain a repaired
 * library although the changelog of the package does not say so.
 */
export function compareBuiltUsing(before: PackageBuild, after: PackageBuild): readonly BuiltUsing[] {
  if (before.builtUsing === after.builtUsing) return [];
  const [old, present] = [parse(before.builtUsing), parse(after.builtUsing)];
  return [...new Set([...old.keys(), ...present.keys()])]
    .toSorted()
    .map((source) => ({ source, before: old.get(source), after: present.get(source) }))
    .filter((one) => one.before !== one.after);
}

/** Reads "golang-1.19 (= 1.19.8-2), …". A source may be listed in several versions. */
function parse(field = ""): ReadonlyMap<string, string> {
  const versions = new Map<string, string>();
  for (const [, source = "", version = ""] of field.matchAll(/([^\s,()]+)\s*\(\s*=\s*([^\s)]+)\s*\)/g)) {
    const known = versions.get(source);
    versions.set(source, known === undefined ? version : `${known}, ${version}`);
  }
  return versions;
}
