import { type Command, Option } from "commander";
import type { CommandHost } from "../command-host.ts";
import type { DiffFormat } from "./snapshot-diff-text.ts";

const formats = ["text", "json", "markdown"] as const satisfies DiffFormat[];

interface DiffFlags {
  readonly source?: string;
  readonly changelogs?: true;
  readonly format: DiffFormat;
}

export function defineSnapshotDiff(command: Command, { runSession }: CommandHost): void {
  command
    .argument("<id>", "mirror")
    .argument("[from]", "the tree before; unset: production")
    .argument("[to]", "the tree after; unset: staging")
    .option("--source <package>", "only the packages of this source package")
    .option(
      "--changelogs",
      "also what the maintainers of new versions say, from their packages, and the CVEs that they name",
    )
    .addOption(
      new Option("--format <format>", "text, json (as --json), or markdown for a ticket")
        .choices(formats)
        .default("text"),
    )
    .action((id: string, from: string | undefined, to: string | undefined, flags: DiffFlags) =>
      runSession([id], async ({ run, print }) => {
        const { source, changelogs, format } = flags;
        const difference = await run.snapshots.diff(id, { from, to, source, changelogs });
        const { formatDifference, snapshotDiffJson } = await import("./snapshot-diff-text.ts");
        print(snapshotDiffJson(difference), (columns) => formatDifference(difference, format, columns));
      }),
    );
}
