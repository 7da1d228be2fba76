import type { Command } from "commander";
import type { ImportedTree } from "../../operations/import-snapshots/index.ts";
import { exitStatus, messageOf } from "../../report/errors.ts";
import { snapshotImportJson } from "../../report/json/import-json.ts";
import { formatTable } from "../../report/terminal/table.ts";
import { formatBytes, formatTimeInUtc } from "../../report/units.ts";
import type { CommandHost } from "../command-host.ts";
import { addDirectory } from "../path-arguments.ts";

interface ImportFlags {
  readonly link?: true;
  readonly dryRun?: true;
}

export function defineSnapshotImport(command: Command, { runSession }: CommandHost): void {
  command
    .argument("<id>", "mirror")
    .argument(
      "<dir...>",
      "directories with dists/ in them, or with several such trees: dated ones, those of .snapshots/<id>, and what debmirror --debmarshal kept",
      addDirectory,
    )
    .option("--link", "hard links in place of copies; no other program may write to those files any longer")
    .option(
      "--dry-run",
      "verify the Releases, and say which snapshots they would make; look for no other file",
    )
    .action((id: string, directories: readonly string[], flags: ImportFlags) =>
      runSession([id], async ({ run, print }) => {
        const options = { directories, link: flags.link === true, dryRun: flags.dryRun === true };
        const imported = await run.snapshots.import(id, options);
        print(snapshotImportJson(imported), (columns) => importedTable(imported, columns));
        return imported.some(({ kind }) => kind === "refused") ? exitStatus.failed : exitStatus.done;
      }),
    );
}

function importedTable(imported: readonly ImportedTree[], columns: number | undefined): string {
  const head = [
    "FROM",
    "RESULT",
    "SNAPSHOT NAME",
    { title: "CREATED", importance: 2 },
    { title: "SIZE", importance: 1 },
  ];
  return formatTable(head, imported.map(rowOf), columns);
}

function rowOf(tree: ImportedTree): readonly string[] {
  switch (tree.kind) {
    case "imported": {
      const { from, name, createdAt, sizeBytes } = tree;
      const size = sizeBytes === undefined ? "-" : formatBytes(sizeBytes);
      return [
        from,
        sizeBytes === undefined ? "verified" : "imported",
        name,
        formatTimeInUtc(createdAt),
        size,
      ];
    }
    case "there":
      return [tree.from, "there already", tree.name, "-", "-"];
    case "refused":
      return [tree.from, "REFUSED", messageOf(tree.error).split("\n")[0] ?? "", "-", "-"];
  }
}
