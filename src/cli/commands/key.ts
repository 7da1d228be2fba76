import type { Command } from "commander";
import { exitStatus, statusOfFailures } from "../../report/errors.ts";
import { keyNeededJson, keyShowJson } from "../../report/json/key-json.ts";
import type { CommandHost } from "../command-host.ts";

export function defineKeyShow(command: Command, { run }: CommandHost): void {
  command.argument("<file...>", "files of keys, armored or binary").action((paths: readonly string[]) =>
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

export function defineKeyNeeded(command: Command, { runSession }: CommandHost): void {
  command.argument("<id>", "mirror").action((id: string) =>
    runSession([id], async ({ run, print, log }) => {
      const { isSatisfied, neededText } = await import("./key-needed-text.ts");
      const needed = await run.neededKeys(id);
      for (const error of needed.unusableFiles) log.error(error);
      for (const suite of needed.suites) if (suite.kind === "failed") log.error(suite.error);
      const satisfied = isSatisfied(needed);
      print(keyNeededJson(needed, satisfied), (columns) => neededText(needed, columns));
      return satisfied ? exitStatus.done : exitStatus.failed;
    }),
  );
}
