import type { Command } from "commander";
import { statusJson } from "../../report/json/answers.ts";
import type { CommandHost } from "../command-host.ts";

export function defineStatus(command: Command, { runSession }: CommandHost): void {
  command
    .argument("[id...]", "mirrors; unset: all, and those on disk that are no longer in the configuration")
    .option(
      "--check",
      "as a plug-in of Nagios: begin with one line that sums up, and exit with status 1 when something needs a person",
    )
    .action((ids: readonly string[], flags: { check?: true }) =>
      runSession(ids, async ({ host, run, print }) => {
        const texts = await import("./status-text.ts");
        const report = await run.status(ids);
        const text = flags.check === true ? texts.checkText : texts.reportText;
        print(statusJson(report.mirrors, report.leftovers), () => text(report, host.now()));
        return flags.check === true && texts.needsPerson(report.mirrors) ? 1 : 0;
      }),
    );
}
