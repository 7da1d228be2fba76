import { Suite } from "../../../repository/index.ts";
import type { LookContext } from "../sync-context.ts";
import { fetchSuiteRelease, type SuiteRelease } from "./fetch-release.ts";

/**
 * The Releases of all suites, one after the other: nothing else is asked of an upstream that cannot be trusted. Two
 * names of one place, such as "/" and "./", are one suite.
 */
export async function fetchReleases(context: LookContext): Promise<readonly SuiteRelease[]> {
  const releases: SuiteRelease[] = [];
  const roots = new Set<string>();
  for (const name of context.mirror.suites) {
    const suite = new Suite(name);
    if (roots.has(suite.root)) continue;
    roots.add(suite.root);
    releases.push(await fetchSuiteRelease(context, suite));
  }
  return releases;
}

/** True where both lists hold the very same bytes. */
export function isSameRelease(a: readonly SuiteRelease[], b: readonly SuiteRelease[]): boolean {
  return a.every((suite, index) => {
    const [first] = suite.files;
    const [other] = b[index]?.files ?? [];
    return (
      first !== undefined &&
      other !== undefined &&
      first.name === other.name &&
      first.bytes.equals(other.bytes)
    );
  });
}
