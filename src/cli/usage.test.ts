import { describe, expect, test } from "vitest";
import { exitStatus } from "../report/errors.ts";
import { build } from "../version.ts";
import { run } from "./test-support.ts";

describe("wrong usage ends with status 2 and says how it is right", () => {
  test.each([
    ["an unknown command", ["snyc"], "(Did you mean sync?)"],
    ["an unknown command of snapshot", ["snapshot", "stagee", "a", "b"], "(Did you mean stage?)"],
    ["an unknown flag", ["sync", "--dry"], "unknown option '--dry'"],
    ["force without a reason", ["snapshot", "promote", "noble", "--force"], "--force needs --reason"],
    [
      "force with a blank reason",
      ["snapshot", "promote", "noble", "--force", "--reason", " "],
      "--force needs --reason",
    ],
    [
      "a copy of the upstream for every mirror",
      ["sync", "--from", "/disk"],
      "--from needs the id of one mirror",
    ],
    ["no directory to read", ["sync", "noble", "--from", ""], "'--from <dir>' argument '' is invalid"],
    ["no directory to take files of", ["sync", "--files", "/disk", ""], "expected a directory"],
    ["no directory to write", ["export", "noble", "--to", ""], "expected a directory"],
    ["no directory to import", ["snapshot", "import", "noble", ""], "expected a directory"],
    ["an argument too few", ["snapshot", "stage", "noble"], "missing required argument 'name'"],
    ["an argument too many", ["snapshot", "stage", "noble", "one", "two"], "too many arguments"],
    ["a value that is none", ["--log-level", "loud", "sync"], "Allowed choices are debug, info, warn, error"],
    ["a number that is none", ["snapshot", "prune", "--keep-last", "-1"], "a whole number, 0 or more"],
    ["a limit of nothing", ["history", "--limit", "0"], "a whole number, 1 or more"],
  ])("%s", async (_what, argv, text) => {
    const { status, stdout, stderr } = await run(argv);
    expect(status).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/^ERROR /);
    expect(stderr).toContain(text);
  });

  test("no command at all", async () => {
    const { status, stderr } = await run([]);
    expect(status).toBe(2);
    expect(stderr).toContain("Usage: mirrorctl");
  });
});

describe("help and version", () => {
  test.each([
    [["--help"], "Usage: mirrorctl"],
    [["--help"], "Exit status: 0 done; 1 failed; 2 wrong usage"],
    [["snapshot", "--help"], "promote"],
    [["snapshot", "create", "-h"], "--force"],
    [["help", "sync"], "--dry-run"],
    [["--quiet", "help", "snapshot", "create"], "--force"],
    [["snapshot", "help", "create"], "--force"],
    [["help"], "Usage: mirrorctl [options] [command]"],
  ])("%j goes to standard output and needs no configuration", async (argv, text) => {
    const { status, stdout, stderr } = await run(argv);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain(text);
  });

  test("the help of every command has the options of all commands and the exit statuses", async () => {
    const commands: string[][] = [[]];
    for (const path of commands) {
      const { stdout } = await run([...path, "--help"], { columns: 80 });
      expect(stdout).toContain("--verbose-errors");
      for (const status of Object.values(exitStatus))
        expect(stdout).toMatch(new RegExp(`[:;]\\s${status}\\s`));
      for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
      const [, below = ""] = stdout.split("\nCommands:\n");
      const names = below.matchAll(/^ {2}(\w+) /gm).map(([, name = ""]) => name);
      for (const name of names) if (name !== "help") commands.push([...path, name]);
    }
    expect(commands.map((path) => path.join(" "))).toEqual(
      expect.arrayContaining(["sync", "snapshot promote", "check config", "version"]),
    );
  });

  test("the version is a line, or all facts of the build as JSON", async () => {
    expect((await run(["--version"])).stdout).toBe(`${build.version}\n`);
    expect((await run(["version"])).stdout).toBe(
      `mirrorctl ${build.version} (commit ${build.commit}, built ${build.time})\n`,
    );
    expect(JSON.parse((await run(["--json", "version"])).stdout)).toEqual(build);
  });
});
