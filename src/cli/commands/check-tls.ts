import type { Command } from "commander";
import { exitStatus } from "../../report/errors.ts";
import { checkTlsJson } from "../../report/json/tls-json.ts";
import type { CommandHost } from "../command-host.ts";
import { tlsText } from "./check-tls-text.ts";

export function defineCheckTls(command: Command, { runSession }: CommandHost): void {
  command.argument("<id>", "mirror").action((id: string) =>
    runSession([id], async ({ host, run, print, log }) => {
      const reports = await run.checkTls(id);
      const errors = reports.flatMap((report) =>
        report.kind === "tls" && report.error !== undefined ? [report.error] : [],
      );
      const connects = errors.length === 0;
      print(checkTlsJson(id, reports, connects), () =>
        reports.map((report) => tlsText(id, report, host.now())).join("\n"),
      );
      for (const error of errors) log.error(error);
      return connects ? exitStatus.done : exitStatus.failed;
    }),
  );
}
