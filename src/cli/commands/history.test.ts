import { expect, test } from "vitest";
import { createTestbed } from "../../../test/support/index.ts";
import { runCommand } from "../../../test/support/run-command.ts";

test("says that it has no such line, instead of a table without rows", async () => {
  await using bed = await createTestbed({ mirrors: { m: {} } });
  const run = (...args: readonly string[]) => runCommand(["--config", bed.configFile, ...args]);
  await run("sync", "--quiet"); // fails: upstream is empty
  for (const words of [["--cve", "CVE-2026-12345"], ["--production"], ["--action", "pin"]])
    expect(await run("history", "m", ...words)).toEqual({
      status: 0,
      stdout: "The history has no such line.\n",
      stderr: "",
    });
});

test.each([24, 40, 80])("a failure is a failure on a terminal of %i columns too", async (columns) => {
  await using bed = await createTestbed({ mirrors: { "debian-trixie": {} } });
  const run = (...args: readonly string[]) =>
    runCommand(["--config", bed.configFile, ...args], { isTerminal: true, columns });
  expect(await run("sync")).toMatchObject({ status: 1 }); // upstream is empty
  const { stdout } = await run("history");
  expect(stdout).toMatch(/^WHEN .*\bWHAT +RESULT/);
  expect(stdout).toMatch(/\n.*\bsync +failed/);
});
