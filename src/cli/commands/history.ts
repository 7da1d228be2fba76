import { type Command, InvalidArgumentError } from "commander";
import type { HistoryLine } from "../../history/index.ts";
import type { ShownHistory } from "../../operations/history/index.ts";
import { historyJson } from "../../report/json/answers.ts";
import { type Column, formatTable } from "../../report/terminal/table.ts";
import { formatTimeInUtc } from "../../report/units.ts";
import { historyDetailText } from "../../report/words/history-details.ts";
import type { CommandHost } from "../command-host.ts";

interface HistoryFlags {
  readonly action?: string;
  readonly since?: string;
  readonly cve?: string;
  readonly production?: true;
  readonly limit: number;
}

export function defineHistory(command: Command, { runSession }: CommandHost): void {
  command
    .argument("[id]", "mirror, also one that is no longer in the configuration")
    .option("--action <actions>", "only these, such as sync or promote,rollback")
    .option(
      "--since <time>",
      "only from then on: a duration such as 2d, or a date such as 2026-05-01, in UTC",
    )
    .option("--cve <cve>", "when the fix of this CVE, such as CVE-2026-12345, reached staging and production")
    .option("--production", "only what moved production")
    .option("-n, --limit <n>", "show at most this many lines", parseLimit, 50)
    .action((id: string | undefined, { action, since, cve, production, limit }: HistoryFlags) =>
      runSession(id === undefined ? [] : [id], async (session) => {
        const { parseMoment, readOption } = await import("../../config/index.ts");
        const shown = await session.run.history({
          mirror: id,
          actions: action?.split(","),
          since:
            since === undefined
              ? undefined
              : readOption("--since", since, (text) => parseMoment(text, session.host.now())),
          cve,
          productionOnly: production === true,
          limit,
        });
        if (shown.newer !== undefined) session.log.emitRun({ type: "history-newer", ...shown.newer });
        session.print(historyJson(shown.entries), (columns) =>
          historyText(shown, { isOfOneMirror: id !== undefined, columns }),
        );
      }),
    );
}

const columnsOf = (isOfOneMirror: boolean): readonly Column[] => [
  { title: "WHEN (UTC)" },
  { title: "WHO", importance: 3 },
  { title: "MIRROR", ...(isOfOneMirror ? { importance: 1 } : {}) },
  { title: "WHAT" },
  { title: "RESULT" }, // a failure must not look as if it had been done
  { title: "FROM", importance: 2 },
  { title: "TO", importance: 4 },
  { title: "WHY", cutTo: 10, importance: 5 },
];

function historyText(
  { lines, total }: ShownHistory,
  { isOfOneMirror, columns }: { readonly isOfOneMirror: boolean; readonly columns: number | undefined },
): string {
  if (lines.length === 0) return "The history has no such line.\n";
  const table = formatTable(columnsOf(isOfOneMirror), lines.map(cellsOf), columns);
  if (lines.length === total) return table;
  return `${table}\n${lines.length} of ${total} lines shown; all with --limit ${total}\n`;
}

function cellsOf({ entry, count, since }: HistoryLine): readonly string[] {
  const isFolded = count > 1;
  const detail = historyDetailText(entry)?.split("\n")[0];
  const why = [
    ...(isFolded ? [`since ${formatTimeInUtc(since)}`] : []),
    ...(entry.reason === undefined ? [] : [entry.reason]),
    ...(detail === undefined ? [] : [detail]),
  ];
  return [
    formatTimeInUtc(entry.at),
    entry.who,
    entry.mirror,
    isFolded ? `${entry.action} (${count})` : entry.action,
    entry.result,
    entry.from ?? "-",
    entry.to ?? "-",
    why.join("; "),
  ];
}

function parseLimit(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("expected a whole number, 1 or more.");
}
