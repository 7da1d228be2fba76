import type { Command } from "commander";
import { type CommandTable, commandTable } from "./command-table.ts";

/** Names the right command for one typed at the wrong level, such as `mirrorctl promote`. */
export interface Pointer {
  readonly name: string;
  readonly right: string;
}

/** Returns a pointer to each command that is elsewhere in the table, and whose name `place` does not have. */
export function pointersFrom(place: CommandTable): readonly Pointer[] {
  const pointers = leavesOf(commandTable, "mirrorctl").filter(({ name }) => !Object.hasOwn(place, name));
  return [...new Map(pointers.map((pointer) => [pointer.name, pointer])).values()];
}

const leavesOf = (table: CommandTable, path: string): readonly Pointer[] =>
  Object.entries(table).flatMap(([name, row]) => {
    const right = `${path} ${name}`;
    return "commands" in row ? leavesOf(row.commands, right) : [{ name, right }];
  });

/** Makes a command that only says which one is meant. */
export function definePointer(pointer: Command, right: string): void {
  pointer
    .argument("[words...]")
    .allowUnknownOption()
    .helpOption(false)
    .action((words: readonly string[], _flags, self: Command) => {
      const meant = [right, ...words].join(" ");
      self.error(`error: unknown command '${pathOf(self)}', did you mean ${meant}?`);
    });
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}
