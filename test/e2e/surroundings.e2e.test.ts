/** What the executable makes of odd places to run in. */
import { describe, expect, test } from "vitest";
import { createWorkspace } from "../support/index.ts";
import { createRunningMirror } from "./running-mirror.ts";

const withShell =
  (redirection: string) =>
  (commandLine: readonly string[]): readonly string[] => [
    "sh",
    "-c",
    `exec "$0" "$@" ${redirection}`,
    ...commandLine,
  ];

describe.concurrent("mirrorctl", () => {
  test("runs under an id that no user has", async ({ skip }) => {
    if (process.getuid?.() !== 0) skip("only root may take another id");
    await using workspace = await createWorkspace({ mirrors: { debian: {} } });
    const { stdout } = await workspace.run(["version"], { userId: 54_321 });
    expect(stdout).toMatch(/^mirrorctl \d/);
  });

  test("fails when its result cannot be written", async () => {
    await using workspace = await createRunningMirror();
    const { stderr } = await workspace.run(["snapshot", "list"], {
      through: withShell(">/dev/full"),
      exitCode: 1,
    });
    expect(stderr).toContain("ERROR the result could not be written: ENOSPC");
  });

  test.for(["2>/dev/full", "2>&-"])("goes on when its log cannot be written (%s)", async (redirection) => {
    await using workspace = await createRunningMirror();
    await workspace.run(["sync"], { through: withShell(redirection) });
    const { working } = await workspace.published("debian");
    expect([...(working?.files.keys() ?? [])].some((path) => path.includes("newcomer"))).toBe(true);
  });
});
