import type { Concern, Note } from "../../report/words/concerns.ts";
import { haveSameContents, type SnapshotGlance } from "../../snapshot/index.ts";
import type { Ports } from "../context.ts";

/** Finds snapshots with the same contents as others: they use up `keep_last`. */
export function notesOfSnapshots(
  { mirror }: Ports<"mirror">,
  snapshots: readonly SnapshotGlance[],
): readonly Note[] {
  const { skipUnchanged, prune } = mirror.snapshot;
  if (!mirror.snapshotEachSync || skipUnchanged) return [];
  const newest = snapshots.slice(0, prune.keepLast); // newest first
  const repeated = newest.filter((snapshot, index) =>
    newest.slice(index + 1).some((older) => haveSameContents(snapshot.meta, older.meta)),
  );
  if (repeated.length === 0) return [];
  const { keepLast } = prune;
  return [{ kind: "identical-snapshots", repeated: repeated.length, newest: newest.length, keepLast }];
}

/** Clocks of machines that work together differ by less. */
const usualSkewMs = 24 * 3_600_000;

/**
 * Finds snapshots that were made under a clock that was ahead. Ages decide what is pruned and what --newest-older-than promotes.
 * Nothing else says why a scheduled promotion does nothing for years.
 */
export function concernsOfTimes(
  { mirror }: Ports<"mirror">,
  snapshots: readonly SnapshotGlance[],
  now: Date,
): readonly Concern[] {
  const ahead = snapshots.filter(({ createdAt }) => createdAt.getTime() > now.getTime() + usualSkewMs);
  const [newest] = ahead; // newest first
  if (newest === undefined) return [];
  const names = ahead.map(({ name }) => name);
  return [{ kind: "snapshots-ahead", mirror: mirror.id, names, at: newest.createdAt }];
}
