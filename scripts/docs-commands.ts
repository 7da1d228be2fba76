/** Writes docs/commands.md from the commands' own descriptions: `node scripts/docs-commands.ts`. */
import type { Argument, Command, Option } from "commander";
import { createProgram } from "../src/cli/program.ts";
import { exitStatus } from "../src/report/errors.ts";
import { createHost } from "../test/support/host.ts";
import { keepPage, markdownTable } from "./generated-page.ts";

const pageFile = new URL("../docs/commands.md", import.meta.url);

/** The reference page for administrators, as Markdown. */
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

/** A command that only holds others has no section of its own. */
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

/** Without those that only point to another. */
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

/** The program's help has its descriptions in lower case and without a full stop. */
const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

const meanings: Readonly<Record<keyof typeof exitStatus, string>> = {
  done: "Done.",
  failed: "Failed. With several mirrors: at least one failed, and the others went on.",
  usage: "Wrong usage or configuration; nothing was done.",
  refused: "Refused: the message says what stands against it, and what overrides that.",
  locked: "Another run holds the lock of a mirror.",
  interrupted: "Interrupted by SIGINT (Ctrl-C). What has come so far is kept.",
  terminated: "Interrupted by SIGTERM, or by SIGHUP when the terminal closes. What has come so far is kept.",
};

const introduction = `<!-- Written by scripts/docs-commands.ts from the commands in src/cli; change those instead. -->

# Commands

Results go to standard output, the log and progress to standard error. \`mirrorctl <command> --help\` says what this page
says. On a terminal, tables are made to fit: long texts are cut with \`…\`, then columns are left out, the least important
first. What goes to a file or a pipe is complete. Times are in UTC.

Ctrl-C, SIGTERM and SIGHUP stop a command as soon as nothing is half done; a second Ctrl-C ends it at once, which is safe
as well. An interrupted sync is recorded in the history, and the next one continues it. \`nohup\` has no effect: to keep a
sync running after you log out, start it with \`setsid -f\`, in tmux, or as a service.`;

/** Enough of a host to describe the commands; none of them runs. */
const idleHost = createHost({ now: () => new Date(0) });

if (import.meta.main) await keepPage(pageFile, commandsPage());
