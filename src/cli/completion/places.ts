import type { Argument, Command, Option } from "commander";
import { type Wanted, wantedFor } from "./wanted.ts";

/** A place of the command line: after `words`, these may follow. */
export interface Place {
  /** Of the commands, such as ["snapshot", "stage"]; none for the program itself. */
  readonly words: readonly string[];
  readonly commands: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly PlaceOption[];
  readonly arguments: readonly PlaceArgument[];
}

export interface PlaceOption {
  /** Such as ["-c", "--config"]. */
  readonly names: readonly string[];
  readonly description: string;
  /** Undefined for an option without a value. */
  readonly value: Wanted | undefined;
}

export interface PlaceArgument {
  readonly wanted: Wanted;
  readonly variadic: boolean;
}

/** Returns the place of the program, and those of its commands. The options of the program may follow each command. */
export function placesOf(program: Command): readonly Place[] {
  const everywhere = shownOptions(program).filter(({ long }) => long !== "--version" && long !== "--help");
  const below = (
    command: Command,
    words: readonly string[],
    siblings: readonly Command[],
  ): readonly Place[] => {
    const commands = command.createHelp().visibleCommands(command);
    const place = {
      words,
      commands: commands.map((one) => ({ name: one.name(), description: one.description() })),
      options: [...new Set([...everywhere, ...shownOptions(command)])].map(placeOption),
      arguments: command.registeredArguments.map((argument) => placeArgument(argument, siblings)),
    };
    return [place, ...commands.flatMap((one) => below(one, [...words, one.name()], commands))];
  };
  return below(program, [], []);
}

/** With --help, which is not among `options`. */
const shownOptions = (command: Command): readonly Option[] => command.createHelp().visibleOptions(command);

function placeOption({ short, long, flags, description, argChoices }: Option): PlaceOption {
  const [, placeholder] = /[<[]([^\]>.]+)/.exec(flags) ?? [];
  return {
    names: [short, long].filter((name) => name !== undefined),
    description,
    value: placeholder === undefined ? undefined : wantedFor(placeholder, argChoices),
  };
}

/** The command `help` wants the name of a command beside it. */
function placeArgument(argument: Argument, siblings: readonly Command[]): PlaceArgument {
  const commands = siblings.map((one) => one.name()).filter((name) => name !== "help");
  const choices = argument.name() === "command" ? commands : argument.argChoices;
  const variadic = argument.variadic && argument.name() !== "command";
  return { wanted: wantedFor(argument.name(), choices), variadic };
}

/** Returns the names of all options that take a value. */
export const valueOptions = (places: readonly Place[]): readonly string[] => {
  const options = places.flatMap((place) => place.options);
  return [...new Set(options.flatMap(({ names, value }) => (value === undefined ? [] : names)))];
};
