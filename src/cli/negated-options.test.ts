import { Command } from "commander";
import { expect, test } from "vitest";
import type { CommandHost } from "./command-host.ts";
import { addCommands } from "./lazy-commands.ts";

const never = (): never => {
  throw new Error("not expected to run");
};
const host: CommandHost = {
  wholeProgram: never,
  run: never,
  runSession: never,
  stdin: { isTerminal: false, readLine: never },
};

test.each([
  [[], true],
  [["--no-x"], false],
])("a command that is defined late has %j as x = %s", async (args, expected) => {
  const found: unknown[] = [];
  const program = new Command();
  const define = (command: Command) =>
    void command.option("--no-x", "").action(({ x }: { x?: unknown }) => void found.push(x));
  addCommands(program, { late: { summary: "", define: () => Promise.resolve(define) } }, host);
  await program.parseAsync(["late", ...args], { from: "user" });
  expect(found).toEqual([expected]);
});
