import type { DryRunOutcome } from "../../operations/dry-run/index.ts";
import type { SyncOutcome } from "../../operations/sync/index.ts";
import { messageOf } from "../../report/errors.ts";
import type { SyncSummary } from "../../report/events.ts";
import { formatTable } from "../../report/terminal/table.ts";
import { formatBytes } from "../../report/units.ts";

export function summaryOf(outcomes: readonly SyncOutcome[], elapsedMs: number): SyncSummary {
  const idsOf = (kind: SyncOutcome["kind"]): string[] =>
    outcomes.filter((outcome) => outcome.kind === kind).map(({ mirror }) => mirror);
  const synced = outcomes.filter((outcome) => outcome.kind === "synced");
  const unchanged = synced.filter((outcome) => outcome.unchanged).length;
  return {
    type: "sync-ended",
    elapsedMs,
    synced: synced.length - unchanged,
    unchanged,
    failed: idsOf("failed"),
    locked: idsOf("locked"),
    interrupted: idsOf("interrupted"),
    fetchedFiles: synced.reduce((sum, { fetchedFiles }) => sum + fetchedFiles, 0),
    fetchedBytes: synced.reduce((sum, { fetchedBytes }) => sum + fetchedBytes, 0),
  };
}

export function estimateTable(outcomes: readonly DryRunOutcome[], columns: number | undefined): string {
  const estimates = outcomes.filter((outcome) => outcome.kind === "estimated");
  if (estimates.length === 0) return "";
  const lookedForFiles = estimates.some(({ reusable }) => reusable !== undefined);
  const rows = estimates.map(({ mirror, files, sizeBytes, missingBytes, freeBytes, reusable }) => {
    const reusableBytes = reusable?.sizeBytes ?? 0;
    return [
      mirror,
      String(files),
      formatBytes(sizeBytes),
      formatBytes(sizeBytes - missingBytes - reusableBytes),
      ...(lookedForFiles ? [formatBytes(reusableBytes)] : []),
      formatBytes(missingBytes),
      formatBytes(freeBytes),
    ];
  });
  const head = ["MIRROR", "FILES", "TOTAL SIZE", "HELD", ...(lookedForFiles ? ["REUSED"] : [])];
  return formatTable([...head, "TO COME", "FREE"], rows, columns);
}

/** The outcome of each mirror. */
export function outcomeTable(outcomes: readonly SyncOutcome[], columns: number | undefined): string {
  const head = ["MIRROR", "RESULT", "FILES FETCHED", { title: "SNAPSHOT", cutTo: 12 }];
  return formatTable(head, outcomes.map(outcomeRow), columns);
}

function outcomeRow(outcome: SyncOutcome): readonly string[] {
  switch (outcome.kind) {
    case "synced": {
      const result = outcome.unchanged ? "nothing new" : "synced";
      const facts = [...(outcome.kept ? ["kept"] : []), ...(outcome.staged ? ["staging"] : [])];
      const snapshot = `${outcome.snapshot ?? "-"}${facts.length === 0 ? "" : ` (${facts.join(", ")})`}`;
      return [
        outcome.mirror,
        result,
        `${outcome.fetchedFiles} (${formatBytes(outcome.fetchedBytes)})`,
        snapshot,
      ];
    }
    case "locked":
      return [outcome.mirror, "locked", "-", firstLine(outcome.error)];
    case "interrupted":
      return [outcome.mirror, "interrupted", "-", "-"];
    case "failed":
      return [outcome.mirror, "FAILED", "-", firstLine(outcome.error)];
  }
}

const firstLine = (error: unknown): string => messageOf(error).split("\n")[0] ?? "";
