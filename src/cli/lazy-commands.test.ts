import { Command } from "commander";
import { expect, test } from "vitest";
import type { CommandHost } from "./command-host.ts";
import type { Definition } from "./command-table.ts";
import { addCommands } from "./lazy-commands.ts";

const host: CommandHost = {
  run: () => Promise.resolve(),
  runSession: () => Promise.resolve(),
  stdin: { isTerminal: false, readLine: () => Promise.resolve(undefined) },
  wholeProgram: () => Promise.reject(new Error("no command of this test asks for it")),
};

/** Returns the options that a command gets from these words. */
async function optionsOf(...words: readonly string[]): Promise<unknown> {
  let seen: unknown;
  const define: Definition = (command) =>
    command
      .option("--no-check", "a flag that turns something off")
      .option("--colour", "two flags for one option")
      .option("--no-colour", "the second")
      .option("--limit <n>", "an option with a default", "50")
      .action((flags) => {
        seen = flags;
      });
  const program = new Command("program").exitOverride();
  addCommands(program, { look: { summary: "look", define: () => Promise.resolve(define) } }, host);
  await program.parseAsync(["look", ...words], { from: "user" });
  return seen;
}

test("a command that is defined when it is named has its defaults", async () => {
  expect(await optionsOf()).toEqual({ check: true, limit: "50" });
});

test("flags and values take the place of defaults", async () => {
  const options = await optionsOf("--no-check", "--no-colour", "--limit", "7");
  expect(options).toEqual({ check: false, colour: false, limit: "7" });
});
