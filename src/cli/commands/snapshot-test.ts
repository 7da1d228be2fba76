import type { Command } from "commander";
import { exitStatus } from "../../report/errors.ts";
import { snapshotTestJson } from "../../report/json/answers.ts";
import type { CommandHost } from "../command-host.ts";

export function defineSnapshotTest(command: Command, { runSession }: CommandHost): void {
  command
    .argument("<id>", "mirror")
    .argument("[name]", "snapshot; unset: the staged one")
    .option("--again", "also run gates that passed before, although nothing has changed since")
    .action((id: string, name: string | undefined, flags: { again?: true }) =>
      runSession([id], async ({ run, print }) => {
        const test = await run.test(id, name, { again: flags.again === true });
        const { refuses } = await import("../../gates/index.ts");
        const { testReport } = await import("./snapshot-test-text.ts");
        print(snapshotTestJson(test), (columns) => testReport(test, columns));
        return refuses(test.verdict) ? exitStatus.refused : exitStatus.done;
      }),
    );
}
