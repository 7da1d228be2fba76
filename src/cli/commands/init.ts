import { type Command, Option } from "commander";
import type { InitOptions } from "../../app/index.ts";
import type { DryRun } from "../../operations/dry-run/index.ts";
import type { InitReport } from "../../operations/init/index.ts";
import type { Host } from "../../platform/machine/host.ts";
import { Interrupted } from "../../report/errors.ts";
import { initJson } from "../../report/json/answers.ts";
import { escapeControls } from "../../report/terminal/escape-controls.ts";
import { countOf } from "../../report/units.ts";
import { initNoteText } from "../../report/words/init-notes.ts";
import type { CommandHost } from "../command-host.ts";
import type { GlobalFlags } from "../flags.ts";
import { commandLine, nextLine } from "../next-step.ts";
import { estimateTable } from "./sync-tables.ts";

interface InitFlags {
  readonly from?: string;
  readonly distribution?: "debian" | "ubuntu";
  readonly release?: string;
  readonly architectures?: readonly string[];
  readonly sections?: readonly string[];
  readonly withSources?: true;
  readonly url?: string;
  readonly key?: readonly string[];
  readonly id?: string;
  readonly dir?: string;
  readonly baseUrl?: string;
  readonly print?: true;
  readonly estimate: boolean;
}

const names = (text: string): readonly string[] => text.split(/[\s,]+/).filter((name) => name !== "");
const more = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];

export function defineInit(command: Command, { run }: CommandHost): void {
  command
    .option(
      "--from <sources>",
      "a line or stanza for apt, or a file such as /etc/apt/sources.list.d/vendor.sources",
    )
    .addOption(
      new Option("--distribution <name>", "what to mirror; unset: what this machine runs")
        .choices(["debian", "ubuntu"])
        .conflicts("from"),
    )
    .addOption(new Option("--release <release>", "such as trixie, 13 or 24.04").conflicts("from"))
    .addOption(new Option("--architectures <names>", "unset: that of this machine").argParser(names))
    .addOption(new Option("--sections <names>", "such as main,contrib").argParser(names))
    .option("--with-sources", "mirror source packages too")
    .option("--url <url>", "the upstream, in place of the usual one")
    .addOption(new Option("--key <file>", "the upstream's public key; may be given again").argParser(more))
    .option("--id <new-id>", "the name of the mirror")
    .option("--dir <dir>", "where mirrors are kept; /var/lib/mirrorctl for root")
    .option("--base-url <url>", "where clients will see that directory")
    .option("--print", "print the configuration and write nothing")
    .option("--no-estimate", "do not ask the upstream how large the mirror will be")
    .action((flags: InitFlags) => run((host, global) => init(host, global, flags)));
}

async function init(host: Host, global: GlobalFlags, flags: InitFlags): Promise<void> {
  const { printer, writeConfig } = await import("../session.ts");
  const report = await writeConfig(host, global, optionsOf(flags));
  const print = printer(host, global);
  if (!report.written) {
    host.stderr.write(notesText(report));
    return print(initJson(report, undefined), () => report.text);
  }
  if (!global.json) print(undefined, () => writtenText(report));
  const estimated = flags.estimate ? await estimate(host, global, report) : undefined;
  if (global.json) print(initJson(report, estimated?.outcomes), () => "");
  else print(undefined, (columns) => endText(global, report, estimated, columns));
}

const optionsOf = (flags: InitFlags): Omit<InitOptions, "path"> => ({
  from: flags.from,
  distribution: flags.distribution,
  release: flags.release,
  architectures: flags.architectures ?? [],
  sections: flags.sections,
  source: flags.withSources === true,
  url: flags.url,
  keyPaths: flags.key ?? [],
  id: flags.id,
  dir: flags.dir,
  baseUrl: flags.baseUrl,
  print: flags.print === true,
});

/** Downloads indices only. The configuration is written by then, so that a failure here costs nothing. */
async function estimate(host: Host, global: GlobalFlags, { config, mirrors }: InitReport): Promise<DryRun> {
  const { openSession } = await import("../session.ts");
  // A program reads the progress in the lines of level "info". People have bars, and the table at the end.
  const logLevel = global.logLevel ?? (global.json ? undefined : "warn");
  await using session = await openSession(host, { ...global, config, logLevel }, mirrors);
  const estimated = await session.run.dryRun(mirrors, { noPgpCheck: false });
  const stopped = estimated.outcomes.find(
    (outcome) => "error" in outcome && outcome.error instanceof Interrupted,
  );
  if (stopped !== undefined && "error" in stopped) throw stopped.error;
  return estimated;
}

const notesText = ({ notes }: InitReport): string =>
  notes.map((note) => `note: ${escapeControls(initNoteText(note))}\n`).join("");

const writtenText = (report: InitReport): string =>
  [
    notesText(report),
    ...report.keyFiles.map((path) => `wrote ${path}\n`),
    `wrote ${report.path} with ${countOf(report.mirrors.length, "mirror")}: ${report.mirrors.join(", ")}\n`,
  ].join("");

function endText(
  global: GlobalFlags,
  { mirrors, config, path }: InitReport,
  { outcomes, fits }: DryRun = { outcomes: [], fits: true },
  columns: number | undefined,
): string {
  const known = outcomes.filter(({ kind }) => kind === "estimated").map(({ mirror }) => mirror);
  const unknown = mirrors.filter((id) => !known.includes(id));
  const estimateLine = (ids: readonly string[]): string =>
    `${commandLine(global, "sync", "--dry-run", ...ids)}\n`;
  return [
    estimateTable(outcomes, columns),
    unknown.length === 0
      ? ""
      : `How large ${unknown.join(", ")} will be is not known yet. Later: ${estimateLine(unknown)}`,
    fits
      ? ""
      : `There is not enough space, so a sync would refuse to begin. Set another dir in ${config}, or fewer suites, sections or architectures in ${path}.\nThen see whether it fits: ${estimateLine(known)}`,
    nextLine(global, "check", "config"),
  ].join("");
}
