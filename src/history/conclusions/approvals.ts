/** Who approved a snapshot, from the lines of the history. Pure. */
import type { HistoryEntry } from "../entry.ts";
import { deletedName } from "./production-line.ts";

export interface Approval {
  readonly by: string;
  readonly at: Date;
  readonly reason: string | undefined;
}

/**
 * Returns the last approval of each person, newest first. Approvals belong to contents, under any name; those of a snapshot
 * whose contents are not known end with its name.
 */
export function approvalsOf(
  entries: readonly HistoryEntry[],
  { name, contents }: { readonly name: string; readonly contents: string | undefined },
): readonly Approval[] {
  const byPerson = new Map<string, Approval>();
  let isSameName = true;
  for (const entry of entries) {
    if (deletedName(entry) === name) isSameName = false; // an earlier snapshot of that name is another one
    if (entry.action !== "approve" || entry.result !== "done" || byPerson.has(entry.who)) continue;
    const approved = entry.details?.kind === "approved" ? entry.details.contents : undefined;
    const isMeant =
      contents !== undefined && approved !== undefined
        ? approved === contents
        : isSameName && entry.to === name;
    if (isMeant) byPerson.set(entry.who, { by: entry.who, at: entry.at, reason: entry.reason });
  }
  return [...byPerson.values()];
}
