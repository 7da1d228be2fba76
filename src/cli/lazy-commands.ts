import type { Command } from "commander";
import type { CommandHost } from "./command-host.ts";
import type { CommandRow, CommandTable, GroupRow } from "./command-table.ts";
import { definePointer, pointersFrom } from "./misplaced-commands.ts";

/** Gives the commands that have only their names and summaries the rest. */
const missing = new WeakMap<Command, () => Promise<void> | void>();

/** Adds the commands of `table` below `parent`. One is defined when the command line names it: see `defineAll`. */
export function addCommands(parent: Command, table: CommandTable, host: CommandHost): void {
  parent.helpCommand(false).hook("preSubcommand", (_parent, command) => define(command));
  for (const [name, row] of Object.entries(table)) {
    const command = parent.command(name).description(row.summary);
    missing.set(command, () => complete(command, row, host));
  }
  for (const { name, right } of pointersFrom(table)) {
    const pointer = parent.command(name, { hidden: true });
    missing.set(pointer, () => definePointer(pointer, right));
  }
  const help = parent.command("help").description("display help for command");
  missing.set(help, () => defineHelp(help));
}

/** Adds what every command has, for pages about all of them. */
export async function defineAll(parent: Command): Promise<void> {
  await define(parent);
  for (const command of parent.commands) await defineAll(command);
}

async function define(command: Command): Promise<void> {
  const addRest = missing.get(command);
  missing.delete(command);
  await addRest?.();
}

async function complete(command: Command, row: CommandRow | GroupRow, host: CommandHost): Promise<void> {
  if ("commands" in row) return addCommands(command, row.commands, host);
  (await row.define())(command, host);
  setNegatedDefaults(command);
}

/**
 * Sets the value of `--no-x` without the flag: true. Commander does so before it asks for the definition, and would leave
 * undefined here.
 */
function setNegatedDefaults(command: Command): void {
  const hasPositive = (name: string): boolean =>
    command.options.some((option) => !option.negate && option.attributeName() === name);
  for (const option of command.options) {
    const name = option.attributeName();
    if (option.negate && !hasPositive(name) && command.getOptionValue(name) === undefined)
      command.setOptionValueWithSource(name, true, "default");
  }
}

/** Commander's own help command would show commands as they are before they are defined. */
function defineHelp(help: Command): void {
  help.argument("[command...]").action(async (words: readonly string[]) => {
    const [program = help, ...groups] = ancestorsOf(help);
    const path = groups.map((group) => group.name());
    const known = await countKnown(groups.at(-1) ?? program, words);
    // Without --help, the parser refuses the unknown word, and suggests a known one.
    const asked = known === words.length ? [...words, "--help"] : words.slice(0, known + 1);
    await program.parseAsync([...path, ...asked], { from: "user" });
  });
}

/** Returns how many of these words lead to a command below `group`; all of them once a command has none below it. */
async function countKnown(group: Command, words: readonly string[]): Promise<number> {
  let place = group;
  for (const [index, word] of words.entries()) {
    const next = place.commands.find((command) => command.name() === word);
    if (next === undefined) return place.commands.length === 0 ? words.length : index;
    await define(next);
    place = next;
  }
  return words.length;
}

/** Returns the program and the groups above a command. */
const ancestorsOf = ({ parent }: Command): readonly Command[] =>
  parent === null ? [] : [...ancestorsOf(parent), parent];
