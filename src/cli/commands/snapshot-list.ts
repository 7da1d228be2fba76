import type { Command } from "commander";
import type { ListedSnapshot } from "../../operations/snapshots/index.ts";
import { snapshotListJson } from "../../report/json/answers.ts";
import { type Column, formatTable } from "../../report/terminal/table.ts";
import { formatBytes, formatTime } from "../../report/units.ts";
import type { CommandHost } from "../command-host.ts";

export function defineSnapshotList(command: Command, { runSession }: CommandHost): void {
  command
    .argument("[id...]", "mirrors")
    .option("--detailed", "count files, packages, and the bytes that no other tree shares")
    .action((ids: readonly string[], flags: { detailed?: true }) =>
      runSession(ids, async ({ run, print }) => {
        const detailed = flags.detailed === true;
        const snapshots = await run.snapshots.list(ids, { detailed });
        print(snapshotListJson(snapshots), (columns) => listTable(snapshots, detailed, columns));
      }),
    );
}

const columns: readonly Column[] = [
  { title: "MIRROR" },
  { title: "SNAPSHOT NAME" },
  { title: "CREATED", importance: 3 }, // the usual names say it too
  { title: "SIZE", importance: 6 },
  { title: "STATUS" },
];

const detailedColumns: readonly Column[] = [
  ...columns.slice(0, -1),
  { title: "FILES", importance: 2 },
  { title: "PACKAGES", importance: 4 },
  { title: "UNIQUE", importance: 5 },
  { title: "SHARED", importance: 1 }, // what SIZE has beyond UNIQUE
  ...columns.slice(-1),
];

/** Shown if any snapshot has one. */
const noteColumn: Column = { title: "NOTE", cutTo: 12 };

function listTable(
  snapshots: readonly ListedSnapshot[],
  detailed: boolean,
  width: number | undefined,
): string {
  const hasNotes = snapshots.some(({ pin }) => pin?.note !== undefined);
  return formatTable(
    [...(detailed ? detailedColumns : columns), ...(hasNotes ? [noteColumn] : [])],
    snapshots.map((snapshot) => [...cellsOf(snapshot), ...(hasNotes ? [snapshot.pin?.note ?? ""] : [])]),
    width,
  );
}

function cellsOf(snapshot: ListedSnapshot): readonly string[] {
  const { files, packages, usage, status, pin } = snapshot;
  return [
    snapshot.mirror,
    snapshot.name,
    formatTime(snapshot.createdAt),
    formatBytes(snapshot.sizeBytes),
    ...(usage === undefined
      ? []
      : [String(files), String(packages), formatBytes(usage.uniqueBytes), formatBytes(usage.sharedBytes)]),
    [...status, ...(pin === undefined ? [] : ["pinned"])].join(", "),
  ];
}
