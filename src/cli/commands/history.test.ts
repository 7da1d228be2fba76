import { expect, test } from "vitest";
import { createTestbed } from "../../../test/support/index.ts";
import { runCommand } from "../../../test/support/run-command.ts";

test.each([24, 40, 80])("a failure is a failure on a terminal of %i columns too", async (columns) => {
  await using bed = await createTestbed({ mirrors: { "debian-trixie": {} } });
  const run = (...args: readonly string[]) =>
    runCommand(["--config", bed.configFile, ...args], { isTerminal: true, columns });
  expect(await run("sync")).toMatchObject({ status: 1 }); // upstream is empty
  const { stdout } = await run("history");
  expect(stdout).toMatch(/^WHEN .*\bWHAT +RESULT/);
  expect(stdout).toMatch(/\n.*\bsync +failed/);
});
