import type { SyncContext } from "../sync-context.ts";
import { type BrokenFile, BrokenUpstreamError } from "./broken-upstream.ts";
import type { SuiteRelease } from "./fetch-release.ts";
import { fetchReleases, isSameRelease } from "./fetch-releases.ts";

/**
 * An upstream that has gone on to its next Release lacks what it listed before, and is read again. One that has not is
 * broken: with allow_missing that is reported, and the rest is shown. Returns what is missing, in words.
 */
export async function judgeBroken(
  context: SyncContext,
  releases: readonly SuiteRelease[],
  broken: readonly BrokenFile[],
): Promise<readonly string[]> {
  const { id, allow } = context.mirror;
  if (allow.missing && isSameRelease(await fetchReleases(context), releases))
    return tellMissing(context, broken);
  throw new BrokenUpstreamError(id, broken);
}

/** Tells what is missing. Returns it in words. */
export function tellMissing({ mirror, emit }: SyncContext, broken: readonly BrokenFile[]): readonly string[] {
  if (broken.length === 0) return [];
  const { message, items } = new BrokenUpstreamError(mirror.id, broken);
  emit({ type: "files-missing", problem: message, files: items });
  return items;
}
