import { fetchSuiteRelease, type SuiteRelease } from "./fetch-release.ts";
import type { SyncContext } from "./sync-context.ts";

/** The Releases of all suites, one after the other: nothing else is asked of an upstream that cannot be trusted. */
export async function fetchReleases(context: SyncContext): Promise<readonly SuiteRelease[]> {
  const releases: SuiteRelease[] = [];
  for (const suite of context.mirror.suites) releases.push(await fetchSuiteRelease(context, suite));
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
