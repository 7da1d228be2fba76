/** What was taken out of production because it was bad: pure, over the lines of the history. */
import { createdContents } from "./created-contents.ts";
import type { HistoryEntry } from "./entry.ts";
import { deletedName, isMove } from "./production-line.ts";

export interface TakenOut {
  readonly name: string;
  /** "replaced": by a publish of an older snapshot, which is how people go back without `rollback`. */
  readonly how: "rolled-back" | "replaced";
  readonly at: Date;
  readonly by: string;
  readonly reason: string | undefined;
  /** What production went back to. */
  readonly to: string;
}

/**
 * What was rolled back, or replaced by something older, and not put back into production since; by contents, for which
 * snapshots of the same contents have the same text. Of a snapshot that was deleted only the contents count, where the
 * history has them: what has its name later is another one.
 */
export function takenOutOfProduction(
  entries: readonly HistoryEntry[],
  contentsOf: (name: string) => string = (name) => name,
): ReadonlyMap<string, TakenOut> {
  const taken = new Map<string, TakenOut>();
  const ages = new Map<string, number>();
  const lines = linesOf(entries, contentsOf);
  for (const [index, { entry, from, to }] of lines.toReversed().entries()) {
    if (isMove(entry) && to !== undefined) follow(taken, entry, { from, to, ages });
    for (const contents of [from, to])
      if (contents !== undefined && !ages.has(contents)) ages.set(contents, index);
  }
  for (const contents of taken.keys()) if (contents.startsWith(goneMark)) taken.delete(contents);
  return taken;
}

interface Line {
  readonly entry: HistoryEntry;
  /** Contents of what the line names. */
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** Lines that were done, newest first, with the contents that their names had at the time. */
function linesOf(entries: readonly HistoryEntry[], contentsOf: (name: string) => string): readonly Line[] {
  const { deleted } = createdContents(entries);
  const gone = new Map<string, string>();
  const contentsAt = (name: string | undefined): string | undefined =>
    name && (gone.get(name) ?? contentsOf(name));
  return entries.flatMap((entry, index) => {
    const name = deletedName(entry);
    if (name !== undefined) gone.set(name, deleted.get(entry) ?? `${goneMark}${index} ${name}`);
    const isDone = entry.result === "done" || entry.result === "unchanged";
    return isDone ? [{ entry, from: contentsAt(entry.from), to: contentsAt(entry.to) }] : [];
  });
}

/** Begins unknown contents of a snapshot that was deleted since: no name, for those have no control characters. */
const goneMark = "\0";

function follow(
  taken: Map<string, TakenOut>,
  { action, at, who: by, reason, from: name, to }: HistoryEntry & { readonly to: string },
  contents: {
    readonly from: string | undefined;
    readonly to: string;
    readonly ages: ReadonlyMap<string, number>;
  },
): void {
  const { ages } = contents;
  if (name !== undefined && contents.from !== undefined && contents.from !== contents.to) {
    taken.delete(contents.from); // it was in production, however it came back there
    const isOlder = (ages.get(contents.to) ?? Infinity) < (ages.get(contents.from) ?? -Infinity);
    const deed = { name, at, by, reason, to };
    if (action === "rollback") taken.set(contents.from, { ...deed, how: "rolled-back" });
    if (action === "publish" && isOlder) taken.set(contents.from, { ...deed, how: "replaced" });
  }
  taken.delete(contents.to);
}
