/** Writes docs/commands.md from the commands' own descriptions: `node scripts/docs-commands.ts`. */
import type { Argument, Command, Option } from "commander";
import { createProgram } from "../src/cli/program.ts";
import { exitStatus } from "../src/report/errors.ts";
import { createHost } from "../test/support/host.ts";
import { keepPage, markdownTable } from "./generated-page.ts";

const pageFile = new URL("../docs/commands.md", import.meta.url);

/** Returns the reference page for administrators, as Markdown. */
export function commandsPage(): string {
  const program = createProgram(idleHost, () => undefined);
  return `${[
    introduction,
    "## For every command",
    optionTable(program.options),
    ...shownCommands(program).flatMap((command) => sections(command, program.name())),
    "## Exit status",
    markdownTable(
      ["Status", "Meaning"],
      Object.entries(meanings).map(([name, meaning]) => [
        String(exitStatus[name as keyof typeof exitStatus]),
        meaning,
      ]),
    ),
  ].join("\n\n")}\n`;
}

/** Returns no section for a command that only groups others. */
function sections(command: Command, parentName: string): string[] {
  const name = `${parentName} ${command.name()}`;
  if (command.commands.length > 0) return shownCommands(command).flatMap((below) => sections(below, name));
  const usage = [
    name,
    ...command.registeredArguments.map(argumentUsage),
    command.options.length > 0 ? "[options]" : "",
  ];
  const { registeredArguments: accepted, options } = command;
  return [
    `## \`${name}\``,
    sentence(command.description()),
    `\`\`\`text\n${usage.join(" ").trimEnd()}\n\`\`\``,
    ...(accepted.length === 0 ? [] : [argumentTable(accepted)]),
    ...(options.length === 0 ? [] : [optionTable(options)]),
  ];
}

/** Leaves out the commands that only point to another. */
const shownCommands = (parent: Command): readonly Command[] => {
  const shown = new Set(parent.createHelp().visibleCommands(parent));
  return parent.commands.filter((command) => shown.has(command));
};

function argumentUsage(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

const argumentTable = (accepted: readonly Argument[]): string =>
  markdownTable(
    ["Argument", "Meaning"],
    accepted.map((argument) => [`\`${argumentUsage(argument)}\``, sentence(argument.description)]),
  );

const optionTable = (options: readonly Option[]): string =>
  markdownTable(
    ["Option", "Meaning"],
    options.filter(({ hidden }) => !hidden).map((option) => [`\`${option.flags}\``, optionMeaning(option)]),
  );

function optionMeaning({ description, argChoices }: Option): string {
  const choices =
    argChoices === undefined ? "" : `: ${argChoices.map((choice) => `\`${choice}\``).join(", ")}`;
  return sentence(`${description}${choices}`);
}

/** Makes a sentence of a help text, which has lower case and no full stop. */
const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

const meanings: Readonly<Record<keyof typeof exitStatus, string>> = {
  done: "Done.",
  failed: "Failed. With several mirrors: at least one failed, and the others went on.",
  usage: "Wrong usage or configuration; nothing was done.",
  refused: "Refused: the message says why, and what overrides it.",
  locked: "Another run holds the lock of a mirror.",
  interrupted: "Interrupted by SIGINT (Ctrl-C). Downloads so far are kept.",
  terminated: "Interrupted by SIGTERM, or by SIGHUP when the terminal closes. Downloads so far are kept.",
};

const introduction = `<!-- Written by scripts/docs-commands.ts from the commands in src/cli; change those instead. -->

# Commands

Results go to standard output, the log and progress to standard error. \`mirrorctl <command> --help\` shows the same texts
as this page. On a terminal, tables are made to fit: long texts are cut with \`…\`, then the least important columns are
left out. Output to a file or a pipe is complete. Times are in UTC. [JSON](json.md) describes the output with \`--json\`.

Ctrl-C, SIGTERM and SIGHUP stop a command at the next safe point. A second Ctrl-C ends it at once, which is safe too. An
interrupted sync is recorded in the history, and the next one continues it. \`nohup\` has no effect: to keep a
sync running after you log out, start it with \`setsid -f\`, in tmux, or as a service.`;

/** Is enough of a host to describe the commands; none of them runs. */
const idleHost = createHost({ now: () => new Date(0) });

if (import.meta.main) await keepPage(pageFile, commandsPage());
