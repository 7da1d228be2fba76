/** A disk that has bytes and runs out of inodes: a sync and its dry run foresee it, and errors name it. */
import { expect, test } from "vitest";
import { createWorkspace, type Workspace } from "../support/index.ts";
import { mountExt4 } from "./ext4-disk.ts";
import { logOfFailure } from "./running-mirror.ts";

const dryRun = ["sync", "--dry-run"];

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

test("a dry run counts the exact inodes of a sync, and both refuse with one less", async ({ skip }) => {
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
    const refused = await workspace.run(dryRun, { exitCode: 1 });
    expect(refused.stderr).toMatch(
      /^ERROR debian does not fit: it needs \d+ more inodes, one for each file and each directory, and \S+ has \d+ free$/m,
    );
    workspace.server.clearRequests();
    const { stderr } = await workspace.run(["sync"], { exitCode: 1 });
    expect(stderr).toMatch(/^ERROR debian needs \d+ more inodes, one for each .*, and \S+ has \d+ free$/m);
    expect(workspace.server.requests.filter(({ path }) => path.startsWith("/pool/"))).toEqual([]);

    disk.leaveInodes(inodes);
    await workspace.run(dryRun);
    await workspace.run(["sync"]);
    disk.emptyInodes();
    workspace.upstream.suite("stable").addPackage(name, "1.0-1");
    await workspace.upstream.publish();
  }
});

const snapshotsLack = /^ERROR a snapshot needs \d+ inodes, and \S+ has \d+ free$/m;

test("a sync with nothing new and no inodes for its snapshot makes none", async ({ skip }) => {
  await using workspace = await createWorkspace({ snapshot: {}, mirrors: { debian: {} } });
  await using disk = await mountExt4({ image: workspace.join("image"), top: workspace.dir }, 400, skip);
  workspace.upstream.suite("stable").addPackage("hello", "1.0-1");
  await workspace.upstream.publish();
  await workspace.arrange(["sync"]);
  await workspace.arrange(["snapshot", "publish", "debian", (await onlySnapshot(workspace)) ?? ""]);
  disk.leaveInodes(5);
  expect((await workspace.run(dryRun, { exitCode: 1 })).stderr).toMatch(/^ERROR debian does not fit: /m);
  expect(await logOfFailure(workspace, 1, ["sync"])).toMatch(snapshotsLack);
  expect(await onlySnapshot(workspace)).toBeDefined();
});

async function onlySnapshot(workspace: Workspace): Promise<string | undefined> {
  const { stdout } = await workspace.run(["snapshot", "list", "--json"]);
  const snapshots = JSON.parse(stdout) as readonly { readonly name: string }[];
  return snapshots.length === 1 ? snapshots[0]?.name : undefined;
}

test("without a free inode, errors say so, and rollback and freeing space work", async ({ skip }) => {
  await using workspace = await createWorkspace({ mirrors: { debian: {} } });
  await using disk = await mountExt4({ image: workspace.join("image"), top: workspace.dir }, 400, skip);
  for (const name of ["one", "two", "three"]) {
    workspace.upstream.suite("stable").addPackage(name, "1.0-1");
    await workspace.upstream.publish();
    await workspace.arrange(["sync"]);
    await workspace.arrange(["snapshot", "create", "debian", name]);
  }
  for (const name of ["one", "two"]) await workspace.arrange(["snapshot", "publish", "debian", name]);
  await workspace.arrange(["snapshot", "stage", "debian", "three"]);
  disk.leaveInodes(0);
  const log = await logOfFailure(workspace, 1, ["snapshot", "promote", "debian"]);
  expect(log).toMatch(/^ERROR ENOSPC: no space left on device, \w+ '\S+'.* \(no inodes are free\)$/m);
  expect(log).toContain(
    'The disk has no inodes left, of which each file and each directory takes one. "mirrorctl snapshot prune"',
  );
  const { stdout } = await workspace.run(["status"]);
  expect(stdout).toMatch(/^ {2}snapshots +3, \S+ MB and 0 inodes free on disk$/m);
  const { stderr } = await workspace.run(["snapshot", "rollback", "debian"]);
  expect(stderr).toMatch(/^WARN {2}the history could not be written: .* \(no inodes are free\)$/m);
  expect((await workspace.published("debian")).production?.target).toMatch(/\/one$/);
  await workspace.run(["snapshot", "delete", "debian", "two"]);
  expect(disk.freeInodes()).toBeGreaterThan(5);
});
