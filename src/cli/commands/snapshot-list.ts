import type { Command } from "commander";
import type { ListedSnapshot } from "../../operations/list-snapshots.ts";
import { formatTable } from "../../report/table.ts";
import { formatBytes, formatTime } from "../../report/units.ts";
import type { CommandHost } from "../command-host.ts";

export function addSnapshotList(snapshot: Command, { runSession }: CommandHost): void {
  snapshot
    .command("list")
    .description("list snapshots, newest first")
    .argument("[id...]", "mirrors")
    .option("--detailed", "count files, packages, and the bytes that no other tree shares")
    .action((ids: readonly string[], flags: { detailed?: true }) =>
      runSession(async (session) => {
        const { listSnapshots } = await import("../../operations/list-snapshots.ts");
        const detailed = flags.detailed === true;
        const snapshots = listSnapshots(session.mirrors(ids), { detailed });
        session.print(snapshots, () => listTable(snapshots, detailed));
      })(),
    );
}

function listTable(snapshots: readonly ListedSnapshot[], detailed: boolean): string {
  const more = detailed ? ["FILES", "PACKAGES", "UNIQUE", "SHARED"] : [];
  const head = ["MIRROR", "SNAPSHOT NAME", "CREATED", "SIZE", ...more, "STATUS"];
  return formatTable(
    head,
    snapshots.map((snapshot) => [
      snapshot.mirror,
      snapshot.name,
      formatTime(snapshot.createdAt),
      formatBytes(snapshot.sizeBytes),
      ...(snapshot.usage === undefined
        ? []
        : [
            String(snapshot.files),
            String(snapshot.packages),
            formatBytes(snapshot.usage.uniqueBytes),
            formatBytes(snapshot.usage.sharedBytes),
          ]),
      snapshot.status.join(", "),
    ]),
  );
}
