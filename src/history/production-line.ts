/** What production was before: pure, over the lines of the history. */
import type { HistoryAction, HistoryEntry } from "./entry.ts";

/** How a snapshot was removed: by an administrator or by retention. */
export interface Deletion {
  readonly at: Date;
  readonly by: string;
  readonly reason: string | undefined;
}

export interface FormerProduction {
  readonly name: string;
  /** Set for one that was removed: a snapshot that has the name now is another one. */
  readonly deletion: Deletion | undefined;
}

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

/** Takes off what lies above a snapshot that is in the stack, or puts one that is not on top. */
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

/** Whether the lines say how the snapshot came into production; not where the history was lost since. */
export const wasPutIntoProduction = (entries: readonly HistoryEntry[], name: string): boolean =>
  entries.some((entry) => isMove(entry) && entry.to === name);

/** When each snapshot last ceased to be production, by name; not those that came back since. */
export function leftProductionAt(entries: readonly HistoryEntry[]): ReadonlyMap<string, Date> {
  const left = new Map<string, Date>();
  for (const { at, from, to } of movesOf(entries)) {
    if (from !== undefined) left.set(from, at);
    left.delete(to);
  }
  return left;
}

/** The newest line of what was to move production, whatever became of it. */
export const lastMove = (entries: readonly HistoryEntry[]): HistoryEntry | undefined =>
  entries.find(({ action }) => movingActions.has(action));

type Move = HistoryEntry & { readonly to: string };

/** The lines of what moved production, oldest first. */
const movesOf = (entries: readonly HistoryEntry[]): readonly Move[] => entries.filter(isMove).toReversed();

export const isMove = (entry: HistoryEntry): entry is Move =>
  entry.result === "done" && entry.to !== undefined && movingActions.has(entry.action);

/** Whether the line says that the link to production was removed. */
export const removesProduction = ({ action, result, details }: HistoryEntry): boolean =>
  result === "done" && action === "unlink" && details?.kind === "unlinked" && details.link === "production";

/** Whether production led somewhere else after the line, or nowhere. */
export const movesProduction = (entry: HistoryEntry): boolean =>
  isMove(entry) ? entry.from !== entry.to : removesProduction(entry);

/** The snapshot that the line says was removed, by an administrator or by retention. */
export const deletedName = ({ result, action, from }: HistoryEntry): string | undefined =>
  result === "done" && action === "delete" ? from : undefined;

/** How the last snapshot of that name was removed; undefined where the lines do not say. */
export function deletionOf(entries: readonly HistoryEntry[], name: string): Deletion | undefined {
  const entry = entries.find((line) => deletedName(line) === name);
  return entry && { at: entry.at, by: entry.who, reason: entry.reason };
}

const movingActions: ReadonlySet<HistoryAction> = new Set(["promote", "publish", "rollback"]);
