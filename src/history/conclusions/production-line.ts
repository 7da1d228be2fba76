/** What production was before, from the lines of the history. Pure. */
import type { HistoryEntry } from "../entry.ts";

/** How a snapshot was removed: by an administrator or by retention. */
export interface Deletion {
  readonly at: Date;
  readonly by: string;
  readonly reason: string | undefined;
}

export interface FormerProduction {
  readonly name: string;
  /** Set if it was removed: a snapshot that has the name now is another one. */
  readonly deletion: Deletion | undefined;
}

/**
 * Returns the snapshots that were in production before `present`, nearest first. They are a stack: publishing and promoting
 * push a snapshot, and rolling back pops everything above its goal. Two rollbacks therefore go two steps back.
 *
 * A link may have moved without a line: by hand, on a full disk, or by a run that was killed in between. The `from` of the
 * next line, or `present`, shows such a move. If it led to an earlier snapshot, it counts as a rollback, so that the next
 * rollback does not go forward again. It does not count if the next line is of a command that found its goal in production
 * already: an earlier attempt of that command moved the link.
 */
export function productionBefore(
  entries: readonly HistoryEntry[],
  present: string | undefined,
): readonly FormerProduction[] {
  const stack: FormerProduction[] = [];
  for (const entry of entries.toReversed()) {
    if (isMove(entry)) follow(stack, entry);
    else markDeleted(stack, entry);
  }
  if (present === undefined) return stack.toReversed();
  goBackOrOn(stack, present);
  return stack.slice(0, -1).toReversed();
}

function follow(stack: FormerProduction[], { action, from, to }: Move): void {
  if (from !== undefined && from !== to) goBackOrOn(stack, from);
  if (action === "rollback") goBackOrOn(stack, to);
  else if (!stack.slice(-1).some(isStill(to))) stack.push(still(to));
}

/** Pops everything above the snapshot, or pushes it if it is not in the stack. */
function goBackOrOn(stack: FormerProduction[], name: string): void {
  const place = stack.findLastIndex(isStill(name));
  if (place === -1) stack.push(still(name));
  else stack.length = place + 1;
}

function markDeleted(stack: FormerProduction[], entry: HistoryEntry): void {
  const name = deletedName(entry);
  if (name === undefined) return;
  const deletion = { at: entry.at, by: entry.who, reason: entry.reason };
  for (const [place, former] of stack.entries()) if (isStill(name)(former)) stack[place] = { name, deletion };
}

const still = (name: string): FormerProduction => ({ name, deletion: undefined });
const isStill =
  (name: string) =>
  (former: FormerProduction): boolean =>
    former.name === name && former.deletion === undefined;

/** Returns whether a line put the snapshot into production. False if the history was lost since. */
export const wasPutIntoProduction = (entries: readonly HistoryEntry[], name: string): boolean =>
  entries.some((entry) => isMove(entry) && entry.to === name);

/** Returns when each snapshot left production, by name, without those that are in production again. */
export function leftProductionAt(entries: readonly HistoryEntry[]): ReadonlyMap<string, Date> {
  const left = new Map<string, Date>();
  for (const { at, from, to } of movesOf(entries)) {
    if (from !== undefined) left.set(from, at);
    left.delete(to);
  }
  return left;
}

/** Returns the newest line of a promotion, publication or rollback, with any result. */
export const lastMove = (entries: readonly HistoryEntry[]): HistoryEntry | undefined =>
  entries.find(({ action }) => movingActions.has(action));

type Move = HistoryEntry & { readonly to: string };

/** Returns the lines that moved production, oldest first. */
const movesOf = (entries: readonly HistoryEntry[]): readonly Move[] => entries.filter(isMove).toReversed();

export const isMove = (entry: HistoryEntry): entry is Move =>
  entry.result === "done" && entry.to !== undefined && movingActions.has(entry.action);

/** Returns whether the line says that the link to production was removed. */
export const removesProduction = ({ action, result, details }: HistoryEntry): boolean =>
  result === "done" && action === "unlink" && details?.kind === "unlinked" && details.link === "production";

/** Returns whether production led somewhere else after the line, or nowhere. */
export const movesProduction = (entry: HistoryEntry): boolean =>
  isMove(entry) ? entry.from !== entry.to : removesProduction(entry);

/** Returns the snapshot that the line says was removed, by an administrator or by retention. */
export const deletedName = ({ result, action, from }: HistoryEntry): string | undefined =>
  result === "done" && action === "delete" ? from : undefined;

/** Returns how the last snapshot of that name was removed; undefined if no line says so. */
export function deletionOf(entries: readonly HistoryEntry[], name: string): Deletion | undefined {
  const entry = entries.find((line) => deletedName(line) === name);
  return entry && { at: entry.at, by: entry.who, reason: entry.reason };
}

const movingActions: ReadonlySet<string> = new Set(["promote", "publish", "rollback"]);
