import type { Command } from "commander";
import { Interrupted, statusOfFailures } from "../../report/errors.ts";
import type { CommandHost } from "../command-host.ts";
import { estimateTable, jsonOf, outcomeTable, summaryOf } from "./sync-outcomes.ts";

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
        const startedAt = session.host.now();
        const outcomes = await syncMirrors(session.mirrors(ids), session.app.openSyncPorts, options);
        const errors = outcomes.flatMap((outcome) => ("error" in outcome ? [outcome.error] : []));
        const interruption = errors.find((error) => error instanceof Interrupted);
        if (interruption !== undefined) session.log.error(interruption); // once for all mirrors
        const elapsedMs = session.host.now().getTime() - startedAt.getTime();
        if (!options.dryRun) session.log.summary(summaryOf(outcomes, elapsedMs));
        if (session.flags.json) session.print(outcomes.map(jsonOf), () => "");
        else if (options.dryRun) session.print(undefined, (columns) => estimateTable(outcomes, columns));
        else if (outcomes.length > 1 && !session.flags.quiet)
          session.print(undefined, (columns) => outcomeTable(outcomes, columns));
        return statusOfFailures(errors);
      })(),
    );
}
