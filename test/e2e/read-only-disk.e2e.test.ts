/** A file system that is mounted read-only, as Linux leaves one after an error of the disk, is called just that. */
import { expect, test } from "vitest";
import { createWorkspace, type Workspace } from "../support/index.ts";
import { mountDisk } from "./mounted-disk.ts";

const changing = [
  ["sync"],
  ["snapshot", "create", "debian", "one"],
  ["snapshot", "stage", "debian", "one"],
  ["snapshot", "publish", "debian", "one"],
  ["snapshot", "promote", "debian"],
  ["snapshot", "rollback", "debian"],
  ["snapshot", "delete", "debian", "one"],
  ["snapshot", "prune"],
];

async function createMirror(): Promise<Workspace> {
  const workspace = await createWorkspace({ mirrors: { debian: { publish_to_staging: true } } });
  workspace.upstream.suite("stable").addPackage("hello", "1.0-1");
  await workspace.upstream.publish();
  return workspace;
}

async function expectToBeNamed(workspace: Workspace): Promise<void> {
  for (const args of changing) {
    const { stderr: log } = await workspace.run(args, { exitCode: 1 });
    expect(log, args.join(" ")).toMatch(/^ERROR .*(?:EROFS|is on a read-only file system)/m);
    expect(log, args.join(" ")).toContain("      The file system is mounted read-only. Linux does that");
    expect(log, args.join(" ")).not.toMatch(/ENOENT|this user may not/);
  }
  const { stdout } = await workspace.run(["check", "config"], { exitCode: 2 });
  expect(stdout).toContain(`dir: ${workspace.dir} is on a file system that is mounted read-only`);
}

test("before the first sync", async ({ skip }) => {
  await using workspace = await createMirror();
  await using disk = await mountDisk(workspace.dir, "size=8m", skip);
  await disk.remount("ro");
  await expectToBeNamed(workspace);
});

test("later, and what only reads goes on", async ({ skip }) => {
  await using workspace = await createMirror();
  await using disk = await mountDisk(workspace.dir, "size=8m", skip);
  await workspace.run(["sync"]);
  await workspace.run(["snapshot", "promote", "debian"]);
  await disk.remount("ro");
  await expectToBeNamed(workspace);
  for (const args of [
    ["status"],
    ["history"],
    ["snapshot", "list"],
    ["snapshot", "verify", "debian", "--deep"],
  ])
    await workspace.run(args);
});
