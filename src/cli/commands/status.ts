import type { Command } from "commander";
import { statusJson } from "../../report/json/answers.ts";
import type { CommandHost } from "../command-host.ts";

export function defineStatus(command: Command, { runSession }: CommandHost): void {
  command
    .argument("[id...]", "mirrors; unset: all, and those on disk that are no longer in the configuration")
    .option("--check", "exit with status 1 when something needs a person")
    .action((ids: readonly string[], flags: { check?: true }) =>
      runSession(ids, async ({ host, run, print }) => {
        const { leftoverText, statusText } = await import("./status-text.ts");
        const { mirrors, leftovers } = await run.status(ids);
        print(statusJson(mirrors, leftovers), () =>
          [...mirrors.map((status) => statusText(status, host.now())), ...leftovers.map(leftoverText)].join(
            "\n",
          ),
        );
        return flags.check === true && mirrors.some(({ concerns }) => concerns.length > 0) ? 1 : 0;
      }),
    );
}
