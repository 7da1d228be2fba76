import type { Note } from "../../report/words/concerns.ts";
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
