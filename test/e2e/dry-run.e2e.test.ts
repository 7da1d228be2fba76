/**
 * `sync --dry-run` as users run it: during other runs, without permissions, interrupted, and on a disk that is too
 * small.
 */
import { chmodSync, mkdirSync, readdirSync } from "node:fs";
import { userInfo } from "node:os";
import { describe, expect, test } from "vitest";
import { readIdentities, type Workspace } from "../support/index.ts";
import { createRunningMirror } from "./running-mirror.ts";

const dryRun = ["sync", "--dry-run"];

/** Runs one with a new TMPDIR, and checks that it leaves no files anywhere. */
async function runDry(
  workspace: Workspace,
  { exitCode = 0, userId }: { exitCode?: number; userId?: number } = {},
) {
  const tmp = workspace.join("tmp");
  mkdirSync(tmp, { recursive: true, mode: 0o777 });
  chmodSync(tmp, 0o777);
  const before = readIdentities(workspace.dir);
  const result = await workspace.run(dryRun, {
    exitCode,
    env: { TMPDIR: tmp },
    ...(userId === undefined ? {} : { userId }),
  });
  expect(readIdentities(workspace.dir)).toEqual(before);
  expect(readdirSync(tmp)).toEqual([]);
  return result;
}

describe.concurrent("a dry run", () => {
  test("works for a user who may neither write nor read the state of the last sync", async () => {
    await using workspace = await createRunningMirror();
    chmodSync(workspace.path, 0o755);
    const unprivileged = userInfo().uid === 0 ? { userId: 65_534 } : {};
    const { stdout, stderr } = await runDry(workspace, unprivileged);
    expect(stdout).toMatch(/^debian +2 +/m);
    expect(stderr).toMatch(/^INFO {2}debian needs \S+ kB and \d+ inodes in \S+, which has .* free$/m);
  });

  test.each(["SIGINT", "SIGTERM"] as const)("that %s ends leaves no files", async (signal) => {
    await using workspace = await createRunningMirror();
    const tmp = workspace.join("tmp");
    mkdirSync(tmp);
    const before = readIdentities(workspace.dir);
    const stall = workspace.server.fault({ path: /\/Packages/, stallAt: 10 });
    await using running = workspace.start(dryRun, { env: { TMPDIR: tmp } });
    await stall.reached;
    expect(readdirSync(tmp)).toHaveLength(1);
    running.kill(signal);
    expect((await running.ended).exitCode).toBe(signal === "SIGINT" ? 130 : 143);
    expect(readdirSync(tmp)).toEqual([]);
    expect(readIdentities(workspace.dir)).toEqual(before);
  });
});
