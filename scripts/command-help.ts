/** Reads the help of the commands, for the reference page and the manual pages. */
import type { Argument, Command, Option } from "commander";
import { defineAll } from "../src/cli/lazy-commands.ts";
import { createProgram } from "../src/cli/program.ts";
import type { exitStatus } from "../src/report/errors.ts";
import { createHost } from "../test/support/host.ts";

/** Returns the program with its commands; none of them runs. */
export async function describedProgram(): Promise<Command> {
  const program = createProgram(
    createHost({ now: () => new Date(0) }),
    () => undefined,
    () => undefined,
  );
  await defineAll(program);
  return program;
}

/** Leaves out help, and the commands that only point to another. */
export const shownCommands = (parent: Command): readonly Command[] => {
  const shown = new Set(parent.createHelp().visibleCommands(parent));
  return parent.commands.filter((command) => shown.has(command) && command.name() !== "help");
};

/** Returns the commands that do something, each with its whole name; not those that only group others. */
export function allCommands(parent: Command, parentName: string): readonly (readonly [string, Command])[] {
  return shownCommands(parent).flatMap((command) => {
    const name = `${parentName} ${command.name()}`;
    return command.commands.length > 0 ? allCommands(command, name) : [[name, command] as const];
  });
}

/** Returns the commands that only group others, such as `mirrorctl snapshot`. */
export const commandGroups = (parent: Command): readonly Command[] =>
  shownCommands(parent).filter(({ commands }) => commands.length > 0);

export function usageOf(name: string, { registeredArguments, options }: Command): string {
  return [name, ...registeredArguments.map(argumentUsage), ...(options.length > 0 ? ["[options]"] : [])].join(
    " ",
  );
}

export function argumentUsage(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

export const shownOptions = (options: readonly Option[]): readonly Option[] =>
  options.filter(({ hidden }) => !hidden);

export function optionMeaning({ description, argChoices }: Option): string {
  const choices =
    argChoices === undefined ? "" : `: ${argChoices.map((choice) => `\`${choice}\``).join(", ")}`;
  return sentence(`${description}${choices}`);
}

/** Makes a sentence of a help text, which has lower case and no full stop. */
export const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

export const statusMeanings: Readonly<Record<keyof typeof exitStatus, string>> = {
  done: "Done.",
  failed: "Failed. With several mirrors: at least one failed, and the others went on.",
  usage: "Wrong usage or configuration; nothing was done.",
  refused: "Refused: the message says why, and what overrides it.",
  locked: "Another run holds the lock of a mirror.",
  interrupted: "Interrupted by SIGINT (Ctrl-C). Downloads so far are kept.",
  terminated: "Interrupted by SIGTERM, or by SIGHUP when the terminal closes. Downloads so far are kept.",
};
