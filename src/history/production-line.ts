/** What production was before: pure, over the lines of the history. */
import type { HistoryAction, HistoryEntry } from "./entry.ts";

/**
 * The snapshots that were in production before `present`, which is in production now, nearest first, as a stack of
 * decisions: publishing and promoting put one on top, rolling back takes off what lay above its goal. Rolling back twice
 * therefore goes two steps back, not back and forth.
 *
 * A link may have moved without a line: by hand, on a full disk, by a run that was killed in between. What the next line
 * says production was before it, or else what is present, tells of such a move. If it led to what had been in production
 * before, it is taken for a rollback, so that the next one does not go forward to what was given up; unless the next line
 * is of a command that found its goal there already: it was that command, the time before, that moved the link.
 */
export function productionBefore(
  entries: readonly HistoryEntry[],
  present: string | undefined,
): readonly string[] {
  const stack: string[] = [];
  for (const { action, from, to } of movesOf(entries)) {
    if (from !== undefined && from !== to) goBackOrOn(stack, from);
    if (action === "rollback") goBackOrOn(stack, to);
    else if (to !== stack.at(-1)) stack.push(to);
  }
  if (present === undefined) return stack.toReversed();
  goBackOrOn(stack, present);
  return stack.slice(0, -1).toReversed();
}

/** Takes off what lies above a snapshot that is in the stack, or puts one that is not on top. */
function goBackOrOn(stack: string[], name: string): void {
  const place = stack.lastIndexOf(name);
  if (place === -1) stack.push(name);
  else stack.length = place + 1;
}

/** When each snapshot last ceased to be production, by name; not those that came back since. */
export function leftProductionAt(entries: readonly HistoryEntry[]): ReadonlyMap<string, Date> {
  const left = new Map<string, Date>();
  for (const { at, from, to } of movesOf(entries)) {
    if (from !== undefined) left.set(from, at);
    left.delete(to);
  }
  return left;
}

type Move = HistoryEntry & { readonly to: string };

/** The lines of what moved production, oldest first. */
const movesOf = (entries: readonly HistoryEntry[]): readonly Move[] => entries.filter(isMove).toReversed();

const isMove = (entry: HistoryEntry): entry is Move =>
  entry.result === "done" && entry.to !== undefined && movingActions.has(entry.action);

const movingActions: ReadonlySet<HistoryAction> = new Set(["promote", "publish", "rollback"]);
