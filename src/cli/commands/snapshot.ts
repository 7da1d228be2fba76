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
import { addSnapshotApprove } from "./snapshot-approve.ts";
import { addSnapshotDiff } from "./snapshot-diff.ts";
import { addSnapshotInstallable } from "./snapshot-installable.ts";
import { addSnapshotList } from "./snapshot-list.ts";
import { addSnapshotPin } from "./snapshot-pin.ts";
import { addSnapshotPromote } from "./snapshot-promote.ts";
import { addSnapshotPrune } from "./snapshot-prune.ts";
import { addSnapshotTest } from "./snapshot-test.ts";
import { addSnapshotVerify } from "./snapshot-verify.ts";

export function addSnapshot(program: Command, commands: CommandHost): void {
  const snapshot = program
    .command("snapshot")
    .description("freeze, compare, stage, test, promote, roll back, verify, pin and delete snapshots");
  addCreate(snapshot, commands);
  addSnapshotList(snapshot, commands);
  addStage(snapshot, commands);
  addPublish(snapshot, commands);
  addSnapshotPromote(snapshot, commands);
  addRollback(snapshot, commands);
  addSnapshotDiff(snapshot, commands);
  addSnapshotTest(snapshot, commands);
  addSnapshotApprove(snapshot, commands);
  addSnapshotVerify(snapshot, commands);
  addSnapshotInstallable(snapshot, commands);
  addSnapshotPin(snapshot, commands);
  addDelete(snapshot, commands);
  addSnapshotPrune(snapshot, commands);
}

function addCreate(snapshot: Command, { runSession }: CommandHost): void {
  snapshot
    .command("create")
    .description("freeze the working mirror as a snapshot")
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

function addStage(snapshot: Command, { runSession }: CommandHost): void {
  snapshot
    .command("stage")
    .description("point staging to a snapshot")
    .argument("<id>", "mirror")
    .argument("<name>", "snapshot")
    .action((id: string, name: string) =>
      runSession([id], async ({ run, print }) => {
        await run.stage(id, name);
        print(snapshotStageJson(id, name), () => "");
      }),
    );
}

function addPublish(snapshot: Command, { runSession }: CommandHost): void {
  snapshot
    .command("publish")
    .description("point production to a snapshot directly: bypasses staging and gates")
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

function addRollback(snapshot: Command, { runSession }: CommandHost): void {
  snapshot
    .command("rollback")
    .description("put production back to what it was before; several mirrors go together or not at all")
    .argument("<id...>", "mirrors")
    .option("--to <name>", "the snapshot to go back to, of that name in each mirror")
    .option("--reason <text>", "why: for the history, and for anyone who promotes it again")
    .action((ids: readonly string[], flags: { to?: string; reason?: string }) =>
      runSession(ids, async ({ run, print }) => {
        printProduction(print, await run.rollBack(ids, flags));
      }),
    );
}

function addDelete(snapshot: Command, { runSession }: CommandHost): void {
  snapshot
    .command("delete")
    .description("delete snapshots; refuses what is staged, in production, pinned, or kept for a rollback")
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
