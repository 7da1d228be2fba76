import type { Command } from "commander";
import type { CommandHost } from "../command-host.ts";

export function defineMetrics(command: Command, { runSession }: CommandHost): void {
  command.action(() =>
    runSession([], async ({ host, run }) => {
      host.stdout.write(await run.metrics());
    }),
  );
}
