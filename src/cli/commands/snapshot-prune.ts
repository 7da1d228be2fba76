import { type Command, InvalidArgumentError } from "commander";
import { Interrupted, statusOfFailures } from "../../report/errors.ts";
import { formatTable } from "../../report/terminal/table.ts";
import type { RetentionDecision } from "../../snapshot/index.ts";
import type { CommandHost } from "../command-host.ts";

interface PruneFlags {
  readonly keepLast?: number;
  readonly keepWithin?: string;
  readonly dryRun?: true;
}

export function addSnapshotPrune(snapshot: Command, { runSession }: CommandHost): void {
  snapshot
    .command("prune")
    .description(
      "delete the snapshots that no rule keeps; never what is staged, in production, or kept for a rollback",
    )
    .argument("[id...]", "mirrors")
    .option("--keep-last <n>", "keep the newest N (default: as configured)", parseCount)
    .option("--keep-within <duration>", "keep what is at most this old, such as 30d, 2w or 12h")
    .option("--dry-run", "say what would go; change nothing")
    .action((ids: readonly string[], flags: PruneFlags) =>
      runSession(async (session) => {
        const { pruneSnapshots } = await import("../../operations/snapshots/index.ts");
        const { parseDuration } = await import("../../config/index.ts");
        const keepWithinMs = flags.keepWithin === undefined ? undefined : parseDuration(flags.keepWithin);
        const options = { keepLast: flags.keepLast, keepWithinMs, dryRun: flags.dryRun === true };
        const pruned: { readonly mirror: string; readonly decisions: readonly RetentionDecision[] }[] = [];
        const failures: unknown[] = [];
        for (const context of session.mirrors(ids)) {
          try {
            pruned.push({ mirror: context.mirror.id, decisions: await pruneSnapshots(context, options) });
          } catch (error) {
            session.log.error(error);
            failures.push(error);
            if (error instanceof Interrupted) break;
          }
        }
        session.print(pruned, (columns) => decisionTable(pruned, columns));
        return statusOfFailures(failures);
      })(),
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
      keptBecause.join(", ") || "no rule keeps it",
    ]),
  );
  return formatTable(["MIRROR", "SNAPSHOT NAME", "DECISION", { title: "BECAUSE", cutTo: 12 }], rows, columns);
}

function parseCount(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("expected a whole number, 0 or more.");
}
