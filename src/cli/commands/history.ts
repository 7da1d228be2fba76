import { type Command, InvalidArgumentError } from "commander";
import type { HistoryEntry } from "../../history/index.ts";
import { formatTable } from "../../report/table.ts";
import { formatTime } from "../../report/units.ts";
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
        session.print(entries, () => historyTable(entries));
      })(),
    );
}

function historyTable(entries: readonly HistoryEntry[]): string {
  return formatTable(
    ["WHEN", "WHO", "MIRROR", "WHAT", "RESULT", "FROM", "TO", "WHY"],
    entries.map((entry) => [
      formatTime(entry.at),
      entry.who,
      entry.mirror,
      entry.action,
      entry.result,
      entry.from ?? "-",
      entry.to ?? "-",
      [entry.reason, entry.detail?.split("\n")[0]].filter((text) => text !== undefined).join("; "),
    ]),
  );
}

function parseLimit(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("expected a whole number, 1 or more.");
}
