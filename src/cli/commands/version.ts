import type { Command } from "commander";
import { versionJson } from "../../report/json/version-json.ts";
import { build } from "../../version.ts";
import type { CommandHost } from "../command-host.ts";

export function defineVersion(command: Command, { run }: CommandHost): void {
  command.action(() =>
    run((host, flags) => {
      const { version, commit, time } = build;
      const text = `mirrorctl ${version} (commit ${commit}, built ${time})\n`;
      host.stdout.write(flags.json ? `${JSON.stringify(versionJson(build))}\n` : text);
    }),
  );
}
