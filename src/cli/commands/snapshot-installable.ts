import type { Command } from "commander";
import type { Cause } from "../../installability/index.ts";
import type { InstallableReport, MachineReport } from "../../operations/installable/index.ts";
import { exitStatus } from "../../report/errors.ts";
import { installableJson } from "../../report/json/answers.ts";
import { escapeControls } from "../../report/terminal/escape-controls.ts";
import { formatTable } from "../../report/terminal/table.ts";
import { causeLines, causeText, searchTooLong } from "../../report/words/cause.ts";
import { machineText } from "../../report/words/installable.ts";
import type { CommandHost } from "../command-host.ts";

interface InstallableFlags {
  readonly snapshot?: string;
  readonly with?: readonly string[];
  readonly foreign?: readonly string[];
  readonly all?: true;
  readonly why?: true;
}

export function defineSnapshotInstallable(command: Command, { runSession }: CommandHost): void {
  command
    .argument("<id>", "mirror")
    .argument(
      "[package...]",
      'packages that must be installable together, such as "nginx" or "postgresql (>= 16)"',
    )
    .option("--snapshot <name>", "snapshot; unset: the staged one")
    .option("--with <id>", "mirror whose production machines use too; may be given several times", append)
    .option(
      "--foreign <architecture>",
      "architecture that machines accept too; may be given several times",
      append,
    )
    .option("--all", "check older versions too, and suites such as backports")
    .option("--why", "show each dependency that leads to the cause")
    .action((id: string, names: readonly string[], flags: InstallableFlags) => {
      const { with: others = [] } = flags;
      if (others.includes(id))
        return command.error(`error: --with ${id}: name another mirror than the one to check`);
      return runSession([id, ...others], async ({ run, print }) => {
        const foreign = await architecturesOf(flags);
        const packages = await dependenciesOf(names);
        const options = { snapshot: flags.snapshot, packages, foreign, all: flags.all === true };
        const report = await run.snapshots.checkInstallable(id, others, options);
        print(installableJson(report), (columns) => reportText(report, flags.why === true, columns));
        return report.machines.every(isGood) ? exitStatus.done : exitStatus.refused;
      });
    });
}

/** A misspelled architecture would be one that no package has, and change nothing. */
async function architecturesOf({ foreign = [] }: InstallableFlags): Promise<readonly string[]> {
  const { parseArchitecture, readOption } = await import("../../config/index.ts");
  return foreign.map((text) => readOption("--foreign", text, parseArchitecture));
}

/** What is not a dependency is in no repository, and the answer would blame the repository. */
async function dependenciesOf(names: readonly string[]): Promise<readonly string[]> {
  const { parseDependency, readOption } = await import("../../config/index.ts");
  return names.map((text) => readOption("package", text, parseDependency));
}

const append = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

const isGood = ({ uninstallable, undetermined, together }: MachineReport): boolean =>
  uninstallable.length + undetermined.length === 0 && (together?.result ?? "installable") === "installable";

function reportText({ machines }: InstallableReport, why: boolean, columns: number | undefined): string {
  const failed = machines.flatMap(failedOn);
  const summary = machines.map((machine) => `${machineText(machine)}\n`).join("");
  if (failed.length === 0) return summary;
  return (why ? failed.map(withCauses).join("") : tableOf(failed, columns)) + summary;
}

/** What cannot be installed on one kind of machine. */
interface Failed {
  readonly machine: string;
  readonly name: string;
  readonly version: string;
  readonly causes: readonly Cause[];
}

function failedOn({ architecture, uninstallable, undetermined, together }: MachineReport): readonly Failed[] {
  const packages = [...uninstallable, ...undetermined.map((one) => ({ ...one, causes: [] }))];
  const asked = { name: "(together)", version: "", causes: together?.causes ?? [] };
  const failed = asked.causes.length === 0 ? packages : [...packages, asked];
  return failed.map(({ name, version, causes }) => ({ machine: architecture, name, version, causes }));
}

function tableOf(failed: readonly Failed[], columns: number | undefined): string {
  const rows = failed.map(({ machine, name, version, causes: [cause] }) => [
    machine,
    name,
    version,
    cause === undefined ? searchTooLong : causeText(cause),
  ]);
  const head = [
    { title: "ARCHITECTURE", importance: 1 },
    "PACKAGE",
    "VERSION",
    { title: "CAUSE", cutTo: 30 },
  ];
  return formatTable(head, rows, columns);
}

function withCauses({ machine, name, version, causes }: Failed): string {
  const lines = causes.flatMap((cause) =>
    causeLines(cause).map((line, index) => (index === 0 ? `  - ${line}` : `    ${line}`)),
  );
  const title = `${name} ${version}`.trim();
  return [`${title} on ${machine}:`, ...(lines.length === 0 ? [`  - ${searchTooLong}`] : lines)]
    .map((line) => `${escapeControls(line)}\n`)
    .join("");
}
