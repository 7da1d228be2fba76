import type { Command } from "commander";
import { statusOfFailures } from "../../report/errors.ts";
import { keyShowJson } from "../../report/json/key-json.ts";
import type { CommandHost } from "../command-host.ts";

export function addKey(program: Command, commands: CommandHost): void {
  const key = program.command("key").description("look at the keys that sign what is mirrored");
  addShow(key, commands);
}

function addShow(key: Command, { run }: CommandHost): void {
  key
    .command("show")
    .description(
      "show the public keys in files: fingerprints, user IDs, algorithms, expiry, and which of them can sign; needs no configuration",
    )
    .argument("<file...>", "files of keys, armored or binary")
    .action((paths: readonly string[]) =>
      run(async (host, flags) => {
        const [{ printer, showKeys }, { keyFileText }] = await Promise.all([
          import("../session.ts"),
          import("./key-show-text.ts"),
        ]);
        const outcomes = await showKeys(paths, host);
        const shown = outcomes.flatMap((outcome) => (outcome.kind === "read" ? [outcome] : []));
        printer(host, flags)(keyShowJson(outcomes), () =>
          shown.map((file) => keyFileText(file, host.now())).join("\n"),
        );
        const errors = outcomes.flatMap((outcome) => (outcome.kind === "failed" ? [outcome.error] : []));
        if (errors.length === 0) return;
        const { plainLog } = await import("../reports.ts");
        for (const error of errors) plainLog(host, flags).error(error);
        return statusOfFailures(errors);
      }),
    );
}
