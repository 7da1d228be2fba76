import { type Command, InvalidArgumentError } from "commander";
import { statusOfFailures } from "../../report/errors.ts";
import { snapshotPruneJson } from "../../report/json/answers.ts";
import { formatTable } from "../../report/terminal/table.ts";
import { keepReasonText } from "../../report/words/retention.ts";
import type { RetentionDecision } from "../../snapshot/index.ts";
import type { CommandHost } from "../command-host.ts";

interface PruneFlags {
  readonly keepLast?: number;
  readonly keepWithin?: string;
  readonly dryRun?: true;
}

export function defineSnapshotPrune(command: Command, { runSession }: CommandHost): void {
  command
    .argument("[id...]", "mirrors")
    .option("--keep-last <n>", "keep the newest N (default: as configured)", parseCount)
    .option("--keep-within <duration>", "keep what is at most this old, such as 30d, 2w or 12h")
    .option("--dry-run", "say what would go; change nothing")
    .action((ids: readonly string[], flags: PruneFlags) =>
      runSession(ids, async ({ run, log, print }) => {
        const { parseDuration, readOption } = await import("../../config/index.ts");
        const { keepWithin } = flags;
        const keepWithinMs =
          keepWithin === undefined ? undefined : readOption("--keep-within", keepWithin, parseDuration);
        const options = { keepLast: flags.keepLast, keepWithinMs, dryRun: flags.dryRun === true };
        const outcomes = await run.snapshots.prune(ids, options);
        const failures = outcomes.flatMap((outcome) => (outcome.kind === "failed" ? [outcome.error] : []));
        for (const error of failures) log.error(error);
        const pruned = outcomes.flatMap((outcome) =>
          outcome.kind === "pruned" ? [{ mirror: outcome.mirror, decisions: outcome.decisions }] : [],
        );
        print(snapshotPruneJson(pruned), (columns) => decisionTable(pruned, columns));
        return statusOfFailures(failures);
      }),
    );
}

function decisionTable(
  pruned: readonly { readonly mirror: string; readonly decisions: readonly RetentionDecision[] }[],
  columns: number | undefined,
): string {
  const rows = pruned.flatMap(({ mirror, decisions }) =>
    decisions.map(({ candidate, keep, keptBecause }) => [
      mirror,
      candidate.name,
      keep ? "keep" : "delete",
      keptBecause.map(keepReasonText).join(", ") || "no rule keeps it",
    ]),
  );
  return formatTable(["MIRROR", "SNAPSHOT NAME", "DECISION", { title: "BECAUSE", cutTo: 12 }], rows, columns);
}

function parseCount(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("expected a whole number, 0 or more.");
}
