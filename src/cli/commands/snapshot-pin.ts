import type { Command } from "commander";
import { snapshotPinJson } from "../../report/json/answers.ts";
import type { CommandHost } from "../command-host.ts";

export function defineSnapshotPin(command: Command, { runSession }: CommandHost): void {
  command
    .argument("<id>", "mirror")
    .argument("<name>", "snapshot")
    .option("--note <text>", "why, for snapshot list and the history; replaces the note of an earlier pin")
    .action((id: string, name: string, flags: { note?: string }) =>
      runSession([id], async ({ run, print }) => {
        const { note } = await run.snapshots.pin(id, name, flags.note);
        print(snapshotPinJson({ mirror: id, snapshot: name, pinned: true, note }), () => "");
      }),
    );
}

export function defineSnapshotUnpin(command: Command, { runSession }: CommandHost): void {
  command
    .argument("<id>", "mirror")
    .argument("<name>", "snapshot")
    .action((id: string, name: string) =>
      runSession([id], async ({ run, print }) => {
        await run.snapshots.unpin(id, name);
        print(snapshotPinJson({ mirror: id, snapshot: name, pinned: false, note: undefined }), () => "");
      }),
    );
}
