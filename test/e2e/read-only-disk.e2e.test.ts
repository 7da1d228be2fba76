/** Errors on a read-only file system, as Linux leaves one after a disk error, say exactly that. */
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

/** Returns the commands whose error does not name the file system. */
async function commandsThatMislead(workspace: Workspace): Promise<readonly string[]> {
  const misleading: string[] = [];
  for (const args of changing) {
    const { stderr } = await workspace.run(args, { exitCode: 1 });
    const isNamed =
      /^ERROR .*(?:EROFS|is on a read-only file system)\b.*\n {6}The file system is mounted read-only\. Linux does/m;
    if (!isNamed.test(stderr) || /ENOENT|this user may not/.test(stderr))
      misleading.push(`${args.join(" ")}: ${stderr}`);
  }
  const { stdout } = await workspace.run(["check", "config"], { exitCode: 2 });
  if (!stdout.includes(`dir: ${workspace.dir} is on a file system that is mounted read-only`))
    misleading.push(stdout);
  return misleading;
}

test("before the first sync", async ({ skip }) => {
  await using workspace = await createMirror();
  await using disk = await mountDisk(workspace.dir, "size=8m", skip);
  await disk.remount("ro");
  expect(await commandsThatMislead(workspace)).toEqual([]);
});

test("later, when commands that only read still work", async ({ skip }) => {
  await using workspace = await createMirror();
  await using disk = await mountDisk(workspace.dir, "size=8m", skip);
  await workspace.arrange(["sync"]);
  await workspace.arrange(["snapshot", "promote", "debian"]);
  await disk.remount("ro");
  expect(await commandsThatMislead(workspace)).toEqual([]);
  for (const args of [
    ["status"],
    ["history"],
    ["snapshot", "list"],
    ["snapshot", "diff", "debian", "production", "working"],
    ["snapshot", "verify", "debian", "--deep"],
  ])
    await workspace.run(args);
});
