import { Argument, type Command } from "commander";
import type { ImportOutcome, ImportTool } from "../../operations/imports/index.ts";
import type { Host } from "../../platform/machine/host.ts";
import { exitStatus } from "../../report/errors.ts";
import { syncJson } from "../../report/json/answers.ts";
import { importJson } from "../../report/json/import-json.ts";
import { escapeControls } from "../../report/terminal/escape-controls.ts";
import { countOf } from "../../report/units.ts";
import { importPlaceText } from "../../report/words/import-places.ts";
import type { CommandHost } from "../command-host.ts";
import type { GlobalFlags } from "../flags.ts";
import { commandLine } from "../next-step.ts";
import { addDirectory, parseFile } from "../path-arguments.ts";
import { runSync } from "./run-sync.ts";

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
      parseFile,
    )
    .option(
      "--files <dir...>",
      "with --write: then sync, and use files that are in these directories already in place of downloads; not if something was left out",
      addDirectory,
    )
    .option("--link", "with --files: hard links in place of copies, see sync --link")
    .action((tool: ImportTool, words: readonly string[], flags: ImportFlags) => {
      if (flags.files !== undefined && flags.write === undefined)
        return command.error(
          "error: --files needs --write <file>, since a sync with that configuration uses them",
        );
      if (flags.link === true && flags.files === undefined)
        return command.error("error: --link needs --files <dir...>, which says where the files are");
      return run(async (host, globalFlags) => {
        const { importConfig, printer } = await import("../session.ts");
        const outcome = await importConfig(tool, words, flags);
        const isWhole = outcome.remarks.every(({ kind }) => kind !== "dropped");
        const status = isWhole ? exitStatus.done : exitStatus.refused;
        const print = printer(host, globalFlags);
        const [config] = outcome.written;
        if (config === undefined) {
          if (!globalFlags.json && !globalFlags.quiet) host.stderr.write(reportText(outcome));
          print(importJson(outcome), () => outcome.text);
          return status;
        }
        const report = reportText(outcome) + nextLines(config, flags, isWhole);
        if (flags.files === undefined || !isWhole) {
          print(importJson(outcome), () => report);
          return status;
        }
        if (!globalFlags.json) print(undefined, () => report);
        const synced = await syncImported(host, { ...globalFlags, config }, flags);
        if (globalFlags.json) print({ ...importJson(outcome), synced: syncJson(synced.outcomes) }, () => "");
        return synced.status;
      });
    });
}

interface ImportFlags {
  readonly write?: string;
  readonly files?: readonly string[];
  readonly link?: boolean;
}

/** Syncs all mirrors of the configuration that was written. */
async function syncImported(host: Host, flags: GlobalFlags, { files = [], link = false }: ImportFlags) {
  const { openSession } = await import("../session.ts");
  await using session = await openSession(host, flags, []);
  const found = { directories: files, link };
  return await runSync(session, [], { force: false, noPgpCheck: false, found });
}

/** Says what follows, or that the sync follows. */
function nextLines(config: string, { files, link }: ImportFlags, isWhole: boolean): string {
  if (files === undefined) return `Next: mirrorctl check config -c ${escapeControls(config)}\n`;
  const words = ["sync", "--files", ...files, ...(link === true ? ["--link"] : [])];
  const command = escapeControls(commandLine({ config }, ...words));
  return isWhole
    ? `Now syncing; if it does not end well, repeat it with: ${command}\n`
    : `Not synced: decide about what is not supported first. Then: ${command}\n`;
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
  return `${[...sections, ...passwords, countOf(mirrors.length, "mirror"), ...files].map(escapeControls).join("\n")}\n`;
}

const remarkLine = ({ place, said, means }: ImportOutcome["remarks"][number]): string =>
  `  ${importPlaceText(place)}${said} -> ${means}`;
