import type { Command } from "commander";
import type { TestedRecipient } from "../../operations/notify/index.ts";
import { checkNotifyJson } from "../../report/json/answers.ts";
import { escapeControls } from "../../report/terminal/escape-controls.ts";
import { formatTable } from "../../report/terminal/table.ts";
import type { CommandHost } from "../command-host.ts";

export function defineCheckNotify(command: Command, { runSession }: CommandHost): void {
  command.action(() =>
    runSession([], async (session) => {
      const tested = await session.run.testNotify();
      session.print(checkNotifyJson(tested), (columns) => notifyText(tested, columns));
      return tested.every(({ problem }) => problem === undefined) ? 0 : 1;
    }),
  );
}

function notifyText(tested: readonly TestedRecipient[], columns: number | undefined): string {
  if (tested.length === 0) return "The configuration has no [[notify]] table: nobody is notified.\n";
  const rows = tested.map(({ to, problem }) => [to, problem === undefined ? "sent" : `not sent: ${problem}`]);
  return formatTable(
    ["TO", "RESULT"],
    rows.map((row) => row.map(escapeControls)),
    columns,
  );
}
