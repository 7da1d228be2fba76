import type { HistoryEntry } from "../../history/index.ts";
import type { Concern } from "../../report/words/concerns.ts";
import type { Ports } from "../context.ts";
import type { ReadHistory } from "../history/index.ts";

/** The last sync by the history, which only its owner may read. */
export type LastSync =
  | {
      readonly kind: "known";
      readonly at: Date;
      readonly result: HistoryEntry["result"];
      readonly detail: string | undefined;
    }
  | { readonly kind: "none" }
  /** The mirror was synced, and the history has no line of it. */
  | { readonly kind: "forgotten" }
  /** The history is damaged. */
  | { readonly kind: "damaged" }
  | { readonly kind: "unreadable"; readonly reason: string };

export function lastSyncOf({ working }: Ports<"working">, history: ReadHistory): LastSync {
  if ("unreadable" in history) return { kind: "unreadable", reason: history.unreadable };
  const entry = history.find(({ action }) => action === "sync");
  if (entry === undefined) return { kind: working.current() === undefined ? "none" : "forgotten" };
  return { kind: "known", at: entry.at, result: entry.result, detail: entry.detail };
}

/** The newest sync that succeeded, with or without anything new. */
export interface GoodSync {
  readonly at: Date;
  readonly result: "done" | "unchanged";
}

/** Returns undefined if there is none, or if it is unknown. */
export function lastGoodSyncOf(history: ReadHistory): GoodSync | undefined {
  if ("unreadable" in history) return undefined;
  for (const { action, at, result } of history)
    if (action === "sync" && (result === "done" || result === "unchanged")) return { at, result };
  return undefined;
}

export function concernsOfSync(lastSync: LastSync): readonly Concern[] {
  if (lastSync.kind === "none") return [{ kind: "never-synced" }];
  if (lastSync.kind === "forgotten") return [{ kind: "history-lost" }];
  if (lastSync.kind !== "known" || lastSync.result !== "failed") return [];
  return [{ kind: "sync-failed", at: lastSync.at, reason: lastSync.detail }];
}
