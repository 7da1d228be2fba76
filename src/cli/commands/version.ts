import type { Command } from "commander";
import { versionJson } from "../../report/json/answers.ts";
import { build } from "../../version.ts";
import type { CommandHost } from "../command-host.ts";

export function addVersion(program: Command, { run }: CommandHost): void {
  program
    .command("version")
    .description("show version, commit and build time")
    .action(() =>
      run((host, flags) => {
        const { version, commit, time } = build;
        const text = `mirrorctl ${version} (commit ${commit}, built ${time})\n`;
        host.stdout.write(flags.json ? `${JSON.stringify(versionJson(build))}\n` : text);
      }),
    );
}
