import { describe, expect, test } from "vitest";
import { allCommands, describedProgram } from "../../scripts/command-help.ts";
import { createTestbed } from "../../test/support/index.ts";
import { runCommand } from "../../test/support/run-command.ts";

/** Placeholders of values that have a form: no free texts, no names that are looked up, no paths. */
const formed = /<(?:duration|time|url|n|architecture|cve|actions|form|format|level)>/;

const options = allCommands(await describedProgram(), "mirrorctl")
  .filter(([name]) => name !== "mirrorctl init") // checks its whole draft, as the configuration is checked
  .flatMap(([name, command]) => {
    const needed = command.registeredArguments.filter(({ required }) => required).map(() => "m");
    const words = [...name.split(" ").slice(1), ...needed];
    return command.options
      .filter(({ flags }) => formed.test(flags))
      .map(({ long }) => ({ name, words, option: long ?? "" }));
  });

describe("an error about the value of an option begins with the option", () => {
  test.each(options)("$name $option", async ({ words, option }) => {
    await using bed = await createTestbed({ mirrors: { m: {} } });
    const command = ["-c", bed.configFile, ...words, option, "a/b,"];
    const { status, stdout, stderr } = await runCommand(command, { columns: 500 });
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(new RegExp(`^ERROR (?:option '(?:-., )?)?${option}\\b`));
  });
});

test("an error about an argument names the argument, in plain words", async () => {
  expect((await runCommand(["completion", "tcsh"], { columns: 500 })).stderr).toBe(
    "ERROR value 'tcsh' is invalid for argument 'shell'. Allowed choices are bash, zsh, fish.\n(add --help for how it is used)\n",
  );
});

test("packages that come from the checked mirror itself would prove nothing", async () => {
  await using bed = await createTestbed({ mirrors: { m: {} } });
  const { status, stderr } = await runCommand([
    "-c",
    bed.configFile,
    "snapshot",
    "installable",
    "m",
    "--with",
    "m",
  ]);
  expect(status).toBe(2);
  expect(stderr).toContain("ERROR --with m: name another mirror than the one to check\n");
});

test.each([
  [["frob"], /^unknown command 'frob' \(add --help for how it is used\)$/],
  [["snapshot", "frob"], /^unknown command 'frob' \(add --help for how it is used\)$/],
  [
    ["sync", "--frob"],
    /^unknown option '--frob' \(Did you mean --from\?\) \(add --help for how it is used\)$/,
  ],
  [["completion", "tcsh"], /^value 'tcsh' is invalid for argument 'shell'\./],
  [["snapshot", "promote"], /^missing required argument 'id' /],
  [["snapshot", "promote", "m", "--force"], /^--force needs --reason/],
])("with --json, wrong usage is a line of the log: %j", async (args, message) => {
  const { status, stdout, stderr } = await runCommand(["--json", ...args], { columns: 500 });
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  const log: unknown = JSON.parse(stderr);
  expect(log).toMatchObject({ level: "error", message: expect.stringMatching(message) });
});

test("with --json, help is help", async () => {
  expect((await runCommand(["--json", "sync", "--help"])).stdout).toMatch(/^Usage: mirrorctl sync /);
  expect((await runCommand(["--json"])).stderr).toMatch(/^Usage: mirrorctl /);
});
