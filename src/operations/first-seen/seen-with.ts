import { timeOfGeneration } from "../../publish/index.ts";
import { latestOf } from "./latest-of.ts";

/** What a snapshot or generation says of its time. */
interface DatedTree {
  readonly createdAt: Date;
  readonly generation?: string | undefined;
  readonly releases?: readonly { readonly date?: string | undefined }[] | undefined;
}

/**
 * Returns since when the mirror certainly has the bytes of a tree: since the sync that made it. A time in the future counts
 * as now: the clock was wrong. Bytes are not older than the Release that lists them.
 */
export function seenWith({ createdAt, generation, releases = [] }: DatedTree, now: Date): Date {
  const syncedAt = (generation === undefined ? undefined : timeOfGeneration(generation)) ?? createdAt;
  const dates = releases.map(({ date }) => (date === undefined ? undefined : new Date(date)));
  return latestOf(syncedAt < now ? syncedAt : now, ...dates);
}
