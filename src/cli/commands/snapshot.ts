import type { Command } from "commander";
import type { InProduction } from "../../app/index.ts";
import { statusOfFailures } from "../../report/errors.ts";
import {
  productionJson,
  snapshotCreateJson,
  snapshotDeleteJson,
  snapshotPublishJson,
  snapshotStageJson,
} from "../../report/json/answers.ts";
import type { CommandHost } from "../command-host.ts";
import type { Print } from "../session.ts";

export function defineCreate(command: Command, { runSession }: CommandHost): void {
  command
    .argument("<id>", "mirror")
    .argument("[name]", "name; unset: the time in the configured layout, with a number if that name is used")
    .option("--stage", "point staging to it")
    .option(
      "--force",
      "overwrite a snapshot of the same name, unless it is pinned, or is or was in production",
    )
    .action((id: string, name: string | undefined, flags: { stage?: true; force?: true }) =>
      runSession([id], async ({ run, print }) => {
        const options = { name, stage: flags.stage === true, force: flags.force === true };
        const created = await run.snapshots.create(id, options);
        print(snapshotCreateJson(created), () => "");
      }),
    );
}

export function defineStage(command: Command, { runSession }: CommandHost): void {
  command
    .argument("<id>", "mirror")
    .argument("<name>", "snapshot")
    .action((id: string, name: string) =>
      runSession([id], async ({ run, print }) => {
        await run.stage(id, name);
        print(snapshotStageJson(id, name), () => "");
      }),
    );
}

export function definePublish(command: Command, { runSession }: CommandHost): void {
  command
    .argument("<id>", "mirror")
    .argument("<name>", "snapshot")
    .option("--reason <text>", "why, for the history")
    .action((id: string, name: string, flags: { reason?: string }) =>
      runSession([id], async ({ run, print }) => {
        await run.publish(id, name, flags.reason);
        print(snapshotPublishJson(id, name), () => "");
      }),
    );
}

function printProduction(print: Print, shown: readonly InProduction[]): void {
  print(productionJson(shown), () => "");
}

export function defineRollback(command: Command, { runSession }: CommandHost): void {
  command
    .argument("<id...>", "mirrors")
    .option("--to <name>", "the snapshot to go back to, of that name in each mirror")
    .option("--reason <text>", "why: for the history, and for anyone who promotes it again")
    .action((ids: readonly string[], flags: { to?: string; reason?: string }) =>
      runSession(ids, async ({ run, print }) => {
        printProduction(print, await run.rollBack(ids, flags));
      }),
    );
}

export function defineDelete(command: Command, { runSession }: CommandHost): void {
  command
    .argument("<id>", "mirror")
    .argument("<name...>", "snapshots")
    .option("--force", "delete these too, and remove the link to what is staged or in production")
    .action((id: string, names: readonly string[], flags: { force?: true }) =>
      runSession([id], async ({ run, print }) => {
        const { deleted, failures } = await run.snapshots.delete(id, names, {
          force: flags.force === true,
        });
        print(snapshotDeleteJson(id, deleted, failures), () => "");
        return statusOfFailures([...failures.values()]);
      }),
    );
}
