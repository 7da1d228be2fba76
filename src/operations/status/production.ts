import { type HistoryEntry, removesProduction } from "../../history/index.ts";
import type { Shown } from "../../publish/index.ts";
import type { Concern, Note } from "../../report/words/concerns.ts";
import type { Ports } from "../context.ts";
import type { ReadHistory } from "../history/index.ts";
import type { ShownTree } from "./shown.ts";

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

/**
 * Finds a snapshot in production of a mirror whose syncs make none, such as after [snapshot] was removed, if a sync has
 * found something new since it was made. If a newer one is staged, somebody makes them by hand.
 */
export function notesOfProduction(
  { mirror, layout }: Ports<"mirror" | "layout">,
  {
    staging,
    production,
  }: { readonly staging: ShownTree | undefined; readonly production: ShownTree | undefined },
  history: ReadHistory,
): readonly Note[] {
  if (mirror.snapshotEachSync || production?.createdAt === undefined || "unreadable" in history) return [];
  const { name, createdAt } = production;
  if (staging?.createdAt !== undefined && staging.createdAt > createdAt) return [];
  const isBehind = history.some(
    ({ action, result, at }) => action === "sync" && result === "done" && at > createdAt,
  );
  return isBehind ? [{ kind: "production-apart", mirror: mirror.id, name, link: layout.production }] : [];
}
