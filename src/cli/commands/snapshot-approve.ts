import type { Command } from "commander";
import { snapshotApproveJson } from "../../report/json/answers.ts";
import type { CommandHost } from "../command-host.ts";

export function addSnapshotApprove(snapshot: Command, { runSession }: CommandHost): void {
  snapshot
    .command("approve")
    .description(
      "approve a snapshot, for the gate approvals; your own approval does not count if you promote it",
    )
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
