import type { Command } from "commander";
import { snapshotApproveJson } from "../../report/json/answers.ts";
import type { CommandHost } from "../command-host.ts";

export function defineSnapshotApprove(command: Command, { runSession }: CommandHost): void {
  command
    .argument("<id>", "mirror")
    .argument("[name]", "snapshot; unset: the staged one")
    .option("--reason <text>", "why, for the history")
    .action((id: string, name: string | undefined, flags: { reason?: string }) =>
      runSession([id], async ({ run, print }) => {
        const approved = await run.approve(id, { name, reason: flags.reason });
        print(snapshotApproveJson(id, approved.name), () => "");
      }),
    );
}
