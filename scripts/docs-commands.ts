/** Writes docs/commands.md from the commands' own descriptions: `node scripts/docs-commands.ts`. */
import type { Argument, Command, Option } from "commander";
import { exitStatus } from "../src/report/errors.ts";
import {
  allCommands,
  argumentUsage,
  describedProgram,
  optionMeaning,
  sentence,
  shownOptions,
  statusMeanings,
  usageOf,
} from "./command-help.ts";
import { keepPage, markdownTable } from "./generated-page.ts";

const pageFile = new URL("../docs/commands.md", import.meta.url);

/** Returns the reference page for administrators, as Markdown. */
export async function commandsPage(): Promise<string> {
  const program = await describedProgram();
  return `${[
    introduction,
    "## For every command",
    optionTable(program.options),
    ...allCommands(program, program.name()).map(([name, command]) => section(name, command)),
    "## Exit status",
    markdownTable(
      ["Status", "Meaning"],
      Object.entries(statusMeanings).map(([name, meaning]) => [
        String(exitStatus[name as keyof typeof exitStatus]),
        meaning,
      ]),
    ),
  ].join("\n\n")}\n`;
}

function section(name: string, command: Command): string {
  const { registeredArguments: accepted, options } = command;
  return [
    `## \`${name}\``,
    sentence(command.description()),
    `\`\`\`text\n${usageOf(name, command)}\n\`\`\``,
    ...(accepted.length === 0 ? [] : [argumentTable(accepted)]),
    ...(options.length === 0 ? [] : [optionTable(options)]),
  ].join("\n\n");
}

const argumentTable = (accepted: readonly Argument[]): string =>
  markdownTable(
    ["Argument", "Meaning"],
    accepted.map((argument) => [`\`${argumentUsage(argument)}\``, sentence(argument.description)]),
  );

const optionTable = (options: readonly Option[]): string =>
  markdownTable(
    ["Option", "Meaning"],
    shownOptions(options).map((option) => [`\`${option.flags}\``, optionMeaning(option)]),
  );

const introduction = `<!-- Written by scripts/docs-commands.ts from the commands in src/cli; change those instead. -->

# Commands

Results go to standard output, the log and progress to standard error. \`mirrorctl <command> --help\` shows the same texts
as this page. On a terminal, tables are made to fit: long texts are cut with \`…\`, then the least important columns are
left out. Output to a file or a pipe is complete. Times are in UTC. [JSON](json.md) describes the output with \`--json\`.

Ctrl-C, SIGTERM and SIGHUP stop a command at the next safe point. A second Ctrl-C ends it at once, which is safe too. An
interrupted sync is recorded in the history, and the next one continues it. \`nohup\` has no effect: to keep a
sync running after you log out, start it with \`setsid -f\`, in tmux, or as a service.`;

if (import.meta.main) await keepPage(pageFile, await commandsPage());
