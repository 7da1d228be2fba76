/** What was taken out of production because it was bad, from the lines of the history. Pure. */

import type { HistoryEntry } from "../entry.ts";
import { createdContents } from "./created-contents.ts";
import { deletedName, isMove } from "./production-line.ts";

export interface TakenOut {
  readonly name: string;
  /** "replaced": somebody published an older snapshot, which is how people go back without `rollback`. */
  readonly how: "rolled-back" | "replaced";
  readonly at: Date;
  readonly by: string;
  readonly reason: string | undefined;
  /** The snapshot that production went back to. */
  readonly to: string;
}

/**
 * Returns what was rolled back, or replaced by something older, and not put into production again. The keys are contents:
 * `contentsOf` returns the same text for snapshots of the same contents. A deleted snapshot counts only if the history has
 * its contents: a later snapshot of its name is another one.
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
  /** The contents of `from` and `to` of the line. */
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** Returns the completed lines, newest first, with the contents that their names had at the time. */
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

/** Begins the key of a deleted snapshot of unknown contents. No name begins so: names have no control characters. */
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
    taken.delete(contents.from); // it was in production again
    const isOlder = (ages.get(contents.to) ?? Infinity) < (ages.get(contents.from) ?? -Infinity);
    const deed = { name, at, by, reason, to };
    if (action === "rollback") taken.set(contents.from, { ...deed, how: "rolled-back" });
    if (action === "publish" && isOlder) taken.set(contents.from, { ...deed, how: "replaced" });
  }
  taken.delete(contents.to);
}
