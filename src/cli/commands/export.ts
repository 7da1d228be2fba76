import type { Command } from "commander";
import type { Exported } from "../../operations/export/index.ts";
import { exitStatus } from "../../report/errors.ts";
import { exportJson } from "../../report/json/export-json.ts";
import { countOf, formatBytes } from "../../report/units.ts";
import type { CommandHost } from "../command-host.ts";
import { parseDirectory } from "../path-arguments.ts";

interface ExportFlags {
  readonly to: string;
  readonly since?: string;
  readonly snapshot?: string;
  readonly dryRun?: true;
}

export function defineExport(command: Command, { runSession }: CommandHost): void {
  command
    .argument("<id>", "mirror")
    .requiredOption(
      "--to <dir>",
      "an empty directory, a new one, or that of an earlier export of the mirror, which it continues or updates",
      parseDirectory,
    )
    .option(
      "--since <name>",
      "leave out what this snapshot has, index or package: the other side must have the snapshot too",
    )
    .option(
      "--snapshot <tree>",
      "a snapshot, production, staging, or working (the working mirror). Default: the newest snapshot of a sync; the working mirror if there is none",
    )
    .option("--dry-run", "say what would be copied, and whether it fits; write nothing")
    .action((id: string, { to, since, snapshot, dryRun }: ExportFlags) =>
      runSession([id], async ({ run, print }) => {
        const options = { to, since, snapshot, dryRun: dryRun === true };
        const exported = await run.exportTo(id, options);
        print(exportJson(exported), () => exportText(exported, options.dryRun));
        return exitStatus.done;
      }),
    );
}

function exportText(exported: Exported, dryRun: boolean): string {
  const { mirror, snapshot, since, directory, files, sizeBytes, thereFiles, leftOutFiles, lackedFiles } =
    exported;
  const what =
    snapshot === undefined ? `The working mirror of ${mirror}` : `Snapshot ${snapshot} of ${mirror}`;
  const parts = [
    `${countOf(files, "file")} (${formatBytes(sizeBytes)}) ${dryRun ? "to copy" : "copied"}`,
    ...(thereFiles === 0 ? [] : [`${thereFiles} there already`]),
    ...(since === undefined ? [] : [`${leftOutFiles} left out, because ${since} has them`]),
  ];
  const head = `${what} ${dryRun ? "would be" : "is"} in ${directory}: ${parts.join(", ")}`;
  const next = dryRun ? [] : [`On the other side: mirrorctl sync ${mirror} --from ${directory}`];
  const lacked =
    lackedFiles === 0
      ? []
      : [
          `It lacks ${countOf(lackedFiles, "file")} that upstream lacked: the other side needs allow_missing = true`,
        ];
  return [head, ...lacked, ...next, ""].join("\n");
}
