import type { Command } from "commander";

/** Adds hidden commands that name the right one, for commands typed at the wrong level, such as `mirrorctl promote`. */
export function answerMisplacedCommands(program: Command): void {
  const groups = program.commands.filter(({ commands }) => commands.length > 0);
  const places = [program, ...groups].map((place) => ({
    place,
    // Listed before the pointers are added, which must not point to one another.
    own: place.commands.filter(({ commands }) => commands.length === 0),
    taken: new Set(place.commands.map((command) => command.name())),
  }));
  for (const { place, taken } of places) {
    for (const { place: right, own } of places) {
      for (const command of own) {
        if (place === right || taken.has(command.name())) continue;
        taken.add(command.name());
        addPointer(place, command.name(), pathOf(command));
      }
    }
  }
}

/** Adds a command without help that only says which command is meant. */
function addPointer(place: Command, name: string, right: string): void {
  place
    .command(name, { hidden: true })
    .description(`see ${right}`)
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
