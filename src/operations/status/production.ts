import { type HistoryEntry, removesProduction } from "../../history/index.ts";
import type { Shown } from "../../publish/index.ts";
import type { Concern } from "../../report/words/concerns.ts";
import type { ReadHistory } from "../history/index.ts";

/** Finds production that is gone: its snapshot was deleted by force, or the link disappeared without a line of history. */
export function concernsOfProduction(
  mirror: string,
  target: Shown,
  history: ReadHistory,
): readonly Concern[] {
  if (target.kind !== "none" || "unreadable" in history) return [];
  const last = history.find(isAboutProduction);
  if (last === undefined) return [];
  const { action, at, who: by, from, to } = last;
  if (action === "unlink") return [{ kind: "production-deleted", mirror, name: from, at, by }];
  return [{ kind: "production-lost", mirror, name: to, at, by }];
}

const isAboutProduction = (entry: HistoryEntry): boolean =>
  removesProduction(entry) ||
  (entry.result === "done" && ["publish", "promote", "rollback"].includes(entry.action));
