import type { Command } from "commander";
import type { SyncOutcome } from "../../operations/sync/index.ts";
import { itemsOf, messageOf, statusOfFailures } from "../../report/errors.ts";
import { formatTable } from "../../report/table.ts";
import { formatBytes } from "../../report/units.ts";
import type { CommandHost } from "../command-host.ts";

interface SyncFlags {
  readonly dryRun?: true;
  readonly force?: true;
  readonly pgpCheck: boolean;
}

export function addSync(program: Command, { runSession }: CommandHost): void {
  program
    .command("sync")
    .description("bring mirrors up to date: all of them, or those named")
    .argument("[id...]", "mirrors of the configuration")
    .option("--dry-run", "report what would come; change nothing")
    .option("--no-pgp-check", "do not check signatures")
    .option("--force", "overwrite a snapshot of the same name, unless it is or was in production")
    .action((ids: readonly string[], flags: SyncFlags) =>
      runSession(async (session) => {
        const { syncMirrors } = await import("../../operations/sync/index.ts");
        const options = {
          dryRun: flags.dryRun === true,
          force: flags.force === true,
          noPgpCheck: !flags.pgpCheck,
        };
        const outcomes = await syncMirrors(session.mirrors(ids), session.app.openSyncPorts, options);
        if (session.flags.json) session.print(outcomes.map(toData), () => "");
        else if (options.dryRun) session.print(undefined, (columns) => estimateTable(outcomes, columns));
        else if (outcomes.length > 1 && !session.flags.quiet)
          session.print(undefined, (columns) => summaryTable(outcomes, columns));
        return statusOfFailures(outcomes.flatMap((outcome) => ("error" in outcome ? [outcome.error] : [])));
      })(),
    );
}

function toData(outcome: SyncOutcome): object {
  if (!("error" in outcome)) return outcome;
  const items = itemsOf(outcome.error);
  return { ...outcome, error: messageOf(outcome.error), ...(items.length === 0 ? {} : { items }) };
}

function estimateTable(outcomes: readonly SyncOutcome[], columns: number | undefined): string {
  const rows = outcomes.flatMap((outcome) =>
    outcome.kind === "estimated"
      ? [
          [
            outcome.mirror,
            String(outcome.files),
            formatBytes(outcome.sizeBytes),
            formatBytes(outcome.sizeBytes - outcome.missingBytes),
            formatBytes(outcome.missingBytes),
            formatBytes(outcome.freeBytes),
          ],
        ]
      : [],
  );
  return rows.length === 0
    ? ""
    : formatTable(["MIRROR", "FILES", "TOTAL SIZE", "HELD", "TO COME", "FREE"], rows, columns);
}

function summaryTable(outcomes: readonly SyncOutcome[], columns: number | undefined): string {
  const head = ["MIRROR", "RESULT", "FILES FETCHED", { title: "SNAPSHOT", cutTo: 12 }];
  return formatTable(head, outcomes.map(summaryRow), columns);
}

function summaryRow(outcome: SyncOutcome): readonly string[] {
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
    case "estimated":
      return [outcome.mirror, "estimated", "-", "-"];
    case "locked":
      return [outcome.mirror, "locked", "-", firstLine(outcome.error)];
    case "failed":
      return [outcome.mirror, "FAILED", "-", firstLine(outcome.error)];
  }
}

const firstLine = (error: unknown): string => messageOf(error).split("\n")[0] ?? "";
