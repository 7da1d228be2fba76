import { messageOf } from "../errors.ts";
import type { RunEvent, SyncSummary } from "../events.ts";
import { countOf, formatBytes, formatSpan } from "../units.ts";
import { newerHistoryText } from "./history-details.ts";
import type { LogMessage } from "./messages/message.ts";

/** Returns the words of an event of a run as a whole. */
export function messageOfRunEvent(event: RunEvent): LogMessage {
  switch (event.type) {
    case "sync-ended":
      return { level: "info", text: summaryText(event) };
    case "next-step":
      return { level: "info", text: `Next: ${event.command}` };
    case "history-newer":
      return { level: "warn", text: newerHistoryText(event) };
    case "metrics-unwritten":
      return { level: "warn", text: `the metrics could not be written to ${event.path}: ${event.reason}` };
    case "notification-sent":
      return { level: "debug", text: `Notified ${event.to}: ${event.title}` };
    case "notification-unsent":
      return { level: "warn", text: unsentText(event) };
    case "notifications-dropped":
      return {
        level: "warn",
        text: `${countOf(event.count, "notification")} given up: too old, too many, or for nobody in the configuration`,
      };
    case "notifications-unkept":
      return {
        level: "warn",
        text: `The notifications cannot be recorded, so the next run may send them again: ${messageOf(event.error)}`,
      };
    case "notifications-failed":
      return { level: "warn", text: `Nobody was notified of what changed: ${messageOf(event.error)}` };
  }
}

type Unsent = Extract<RunEvent, { readonly type: "notification-unsent" }>;

/** A ping of a check is not sent later: the check raises the alarm by itself. */
function unsentText({ to, title, reason, others }: Unsent): string {
  const also = others === 0 ? "" : `, and ${others} more`;
  const later = to.startsWith("healthchecks") ? "" : ". The next run tries again";
  return `${to} did not get "${title}"${also}: ${reason}${later}`;
}

/** Returns `Sync of 3 mirrors ended after 4m 12s: 2 synced, 1 failed (jammy); 42 files (3.2 MB) downloaded`. */
function summaryText(summary: SyncSummary): string {
  const { synced, unchanged, failed, locked, interrupted, fetchedFiles, fetchedBytes, elapsedMs, from } =
    summary;
  const results = [
    ...counted(synced, "synced"),
    ...counted(unchanged, "unchanged"),
    ...named(failed, "failed"),
    ...named(locked, "locked by another run"),
    ...named(interrupted, "interrupted"),
  ];
  const mirrors = countOf(synced + unchanged + [...failed, ...locked, ...interrupted].length, "mirror");
  const fetched =
    fetchedFiles === 0
      ? ""
      : `; ${countOf(fetchedFiles, "file")} (${formatBytes(fetchedBytes)}) ${from === undefined ? "downloaded" : `copied from ${from}`}`;
  return `Sync of ${mirrors} ended after ${formatSpan(elapsedMs)}: ${results.join(", ")}${fetched}`;
}

const counted = (count: number, result: string): string[] => (count === 0 ? [] : [`${count} ${result}`]);

/** Names the mirrors that did not end well. */
const named = (mirrors: readonly string[], result: string): string[] =>
  mirrors.length === 0 ? [] : [`${mirrors.length} ${result} (${mirrors.join(", ")})`];
