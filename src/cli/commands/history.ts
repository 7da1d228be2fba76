import { type Command, InvalidArgumentError } from "commander";
import type { HistoryEntry } from "../../history/index.ts";
import { type Column, formatTable } from "../../report/table.ts";
import { formatTimeInUtc } from "../../report/units.ts";
import type { CommandHost } from "../command-host.ts";

export function addHistory(program: Command, { runSession }: CommandHost): void {
  program
    .command("history")
    .description("show who did what, when and why, newest first")
    .argument("[id]", "mirror")
    .option("-n, --limit <n>", "show at most this many lines", parseLimit, 50)
    .action((id: string | undefined, flags: { limit: number }) =>
      runSession((session) => {
        const mirror = id === undefined ? undefined : session.mirror(id).mirror.id;
        const entries = session.app.history.list({ mirror, limit: flags.limit });
        session.print(entries, (columns) =>
          historyTable(entries, { isOfOneMirror: mirror !== undefined, columns }),
        );
      })(),
    );
}

const columnsOf = (isOfOneMirror: boolean): readonly Column[] => [
  { title: "WHEN (UTC)" },
  { title: "WHO", importance: 4 },
  { title: "MIRROR", ...(isOfOneMirror ? { importance: 1 } : {}) },
  { title: "WHAT" },
  { title: "RESULT", importance: 5 },
  { title: "FROM", importance: 2 },
  { title: "TO", importance: 3 },
  { title: "WHY", cutTo: 10 },
];

function historyTable(
  entries: readonly HistoryEntry[],
  { isOfOneMirror, columns }: { readonly isOfOneMirror: boolean; readonly columns: number | undefined },
): string {
  return formatTable(
    columnsOf(isOfOneMirror),
    entries.map((entry) => [
      formatTimeInUtc(entry.at),
      entry.who,
      entry.mirror,
      entry.action,
      entry.result,
      entry.from ?? "-",
      entry.to ?? "-",
      [entry.reason, entry.detail?.split("\n")[0]].filter((text) => text !== undefined).join("; "),
    ]),
    columns,
  );
}

function parseLimit(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("expected a whole number, 1 or more.");
}
