import { describe, expect, test } from "vitest";
import { runCommand } from "../../test/support/run-command.ts";
import { pointersFrom } from "./misplaced-commands.ts";

const run = (...argv: readonly string[]) => runCommand(argv, { columns: 200 });

const fromTop = pointersFrom({}).filter(({ right }) => right.startsWith("mirrorctl snapshot "));

describe("a command without the word before it", () => {
  test.each(fromTop)("$name is answered with $right, and what else was typed", async ({ name, right }) => {
    const outcome = await run("--quiet", name, "noble", "--reason", "x");
    expect(outcome).toEqual({
      status: 2,
      stdout: "",
      stderr: `ERROR unknown command 'mirrorctl ${name}', did you mean ${right} noble --reason x?\n(add --help for how it is used)\n`,
    });
  });

  test.each([
    [["config"], "mirrorctl config", "mirrorctl check config"],
    [["snapshot", "sync", "noble"], "mirrorctl snapshot sync", "mirrorctl sync noble"],
    [["snapshot", "status"], "mirrorctl snapshot status", "mirrorctl status"],
    [["check", "list"], "mirrorctl check list", "mirrorctl snapshot list"],
    [["promote", "--help"], "mirrorctl promote", "mirrorctl snapshot promote --help"],
    [["help", "promote"], "mirrorctl promote", "mirrorctl snapshot promote --help"],
  ])("%j", async (argv, typed, meant) => {
    const { status, stderr } = await run(...argv);
    expect(status).toBe(2);
    expect(stderr).toContain(`ERROR unknown command '${typed}', did you mean ${meant}?`);
  });
});

test("commands that only point to others are in no help", async () => {
  expect((await run("--help")).stdout).not.toMatch(/^ {2}(?:promote|list|config)\b/m);
  expect((await run("snapshot", "--help")).stdout).not.toMatch(/^ {2}(?:sync|status)\b/m);
});

test.each([
  [["help", "snyc"], "snyc", "sync"],
  [["help", "snapshot", "lst"], "lst", "list"],
  [["snapshot", "help", "lst"], "lst", "list"],
])("%j names the likely command, and fails", async (argv, unknown, likely) => {
  const { status, stdout, stderr } = await run(...argv);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toContain(`ERROR unknown command '${unknown}'\n(Did you mean ${likely}?)`);
});

test("help of a command ignores what follows its name", async () => {
  expect(await run("help", "sync", "debian")).toMatchObject({
    status: 0,
    stdout: expect.stringContaining("Usage: mirrorctl sync "),
  });
});

test("a command that is nowhere is still unknown", async () => {
  expect(await run("frobnicate")).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("unknown command 'frobnicate'"),
  });
});
