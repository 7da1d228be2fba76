import { Argument, type Command } from "commander";
import type { ImportOutcome, ImportTool } from "../../operations/imports/index.ts";
import { exitStatus } from "../../report/errors.ts";
import { importJson } from "../../report/json/import-json.ts";
import { escapeControls } from "../../report/terminal/escape-controls.ts";
import { countOf } from "../../report/units.ts";
import { importPlaceText } from "../../report/words/import-places.ts";
import type { CommandHost } from "../command-host.ts";

const tools: readonly ImportTool[] = [
  "apt-mirror",
  "apt-mirror2",
  "aptly",
  "debmirror",
  "mirrorctl-go",
  "reprepro",
];

export function defineImport(command: Command, { run }: CommandHost): void {
  command
    .addArgument(new Argument("<tool>", "where the configuration comes from").choices(tools))
    .argument(
      "[file...]",
      "its file or files; default: where the tool has it; for aptly, mirrorctl-go and reprepro there is none. - reads standard input. See docs/how-to/import.md",
    )
    .option(
      "--write <file>",
      "write the configuration there, and passwords to auth.conf beside it; never overwrites",
    )
    .action((tool: ImportTool, words: readonly string[], flags: { write?: string }) =>
      run(async (host, globalFlags) => {
        const { importConfig, printer } = await import("../session.ts");
        const outcome = await importConfig(tool, words, flags.write);
        const report = reportText(outcome);
        if (outcome.written.length === 0 && !globalFlags.json && !globalFlags.quiet)
          host.stderr.write(report);
        printer(host, globalFlags)(importJson(outcome), () =>
          outcome.written.length === 0 ? outcome.text : report,
        );
        return outcome.remarks.some(({ kind }) => kind === "dropped") ? exitStatus.refused : exitStatus.done;
      }),
    );
}

const titles = {
  imported: "Imported",
  changed: "Means something else here, or is not needed",
  dropped: "Not supported: decide what to do about it",
} as const;

function reportText({ remarks, mirrors, written, unwrittenPasswords }: ImportOutcome): string {
  const sections = (["imported", "changed", "dropped"] as const).flatMap((kind) => {
    const own = remarks.filter((remark) => remark.kind === kind);
    return own.length === 0 ? [] : [`${titles[kind]}:`, ...own.map(remarkLine), ""];
  });
  const passwords = unwrittenPasswords.map(
    (origin) =>
      `The password for ${origin} is in no file: write it into auth.conf (machine ${origin} login USER password WORD)`,
  );
  const files = written.map((path) => `Written: ${path}`);
  const next = written[0] === undefined ? [] : [`Next: mirrorctl check config -c ${written[0]}`];
  return `${[...sections, ...passwords, countOf(mirrors.length, "mirror"), ...files, ...next].map(escapeControls).join("\n")}\n`;
}

const remarkLine = ({ place, said, means }: ImportOutcome["remarks"][number]): string =>
  `  ${importPlaceText(place)}${said} -> ${means}`;
