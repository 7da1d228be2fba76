/** `sync --dry-run` as users run it: beside others, without permissions, interrupted, and on a disk that is too small. */
import { chmodSync, mkdirSync, readdirSync } from "node:fs";
import { userInfo } from "node:os";
import { describe, expect, test } from "vitest";
import { createWorkspace, readIdentities, type Workspace } from "../support/index.ts";
import { mountExt4 } from "./ext4-disk.ts";
import { createRunningMirror } from "./running-mirror.ts";

const dryRun = ["sync", "--dry-run"];

/** Runs one with a TMPDIR of its own, and sees that it leaves nothing anywhere. */
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

interface Estimate {
  readonly needs: readonly { readonly needed: { readonly bytes: number; readonly inodes: number } }[];
}

async function needed(workspace: Workspace): Promise<{ readonly bytes: number; readonly inodes: number }> {
  const { stdout } = await workspace.run([...dryRun, "--json"]);
  const [estimate] = JSON.parse(stdout) as readonly Estimate[];
  const [need] = estimate?.needs ?? [];
  if (need === undefined) throw new Error(`no need in ${stdout}`);
  return need.needed;
}

describe.concurrent("a dry run", () => {
  test("works for a user who may not write, nor read the state of the last sync", async () => {
    await using workspace = await createRunningMirror();
    chmodSync(workspace.path, 0o755);
    const unprivileged = userInfo().uid === 0 ? { userId: 65_534 } : {};
    const { stdout, stderr } = await runDry(workspace, unprivileged);
    expect(stdout).toMatch(/^debian +2 +/m);
    expect(stderr).toMatch(/^INFO {2}debian needs \S+ kB and \d+ inodes in \S+, which has .* free$/m);
  });

  test.each(["SIGINT", "SIGTERM"] as const)("that %s ends leaves nothing", async (signal) => {
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

test("inodes: a dry run says what a sync needs, to the inode, and both refuse with one less", async ({
  skip,
}) => {
  await using workspace = await createWorkspace({
    snapshot: {},
    mirrors: { debian: { publish_to_staging: true } },
  });
  await using disk = await mountExt4({ image: workspace.join("image"), top: workspace.dir }, 400, skip);
  for (const name of ["alpha", "beta", "gamma"]) workspace.upstream.suite("stable").addPackage(name, "1.0-1");
  await workspace.upstream.publish();
  for (const name of ["delta", "epsilon"]) {
    const { inodes } = await needed(workspace);
    disk.leaveInodes(inodes - 1);
    const refused = await runDry(workspace, { exitCode: 1 });
    expect(refused.stderr).toMatch(
      /^ERROR debian does not fit: it needs \d+ more inodes, one for each file and each directory, and \S+ has \d+ free$/m,
    );
    workspace.server.clearRequests();
    const { stderr } = await workspace.run(["sync"], { exitCode: 1 });
    expect(stderr).toMatch(/^ERROR debian needs \d+ more inodes, one for each .*, and \S+ has \d+ free$/m);
    expect(workspace.server.requests.filter(({ path }) => path.startsWith("/pool/"))).toEqual([]);

    disk.leaveInodes(inodes);
    await runDry(workspace);
    await workspace.run(["sync"]);
    disk.emptyInodes();
    workspace.upstream.suite("stable").addPackage(name, "1.0-1");
    await workspace.upstream.publish();
  }
});
