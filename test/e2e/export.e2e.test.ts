/** Exports that are cut off: by a kill, and by a full disk. */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createWorkspace, listFiles, readTree, type Workspace } from "../support/index.ts";
import { mountDisk } from "./mounted-disk.ts";
import { until } from "./until.ts";

const packages = 30;

/** Makes a mirror of packages of a megabyte, and a mirror inside that cannot reach its upstream. */
async function createSides(): Promise<Workspace> {
  const workspace = await createWorkspace({ mirrors: { debian: {} } });
  const suite = workspace.upstream.suite("stable", { compressions: ["gz"] });
  for (let number = 1; number <= packages; number++)
    suite.addPackage(`p${number}`, "1.0", { files: { "usr/share/noise": randomBytes(1_000_000) } });
  await workspace.upstream.publish();
  await workspace.arrange(["sync"]);
  const text = readFileSync(workspace.configFile, "utf8");
  const inside = text
    .replace(workspace.dir, workspace.join("inside"))
    .replace(workspace.server.url, "http://127.0.0.1:9");
  writeFileSync(workspace.join("inside.toml"), inside);
  return workspace;
}

const arrive = (workspace: Workspace, disk: string, exitCode = 0) =>
  workspace.run(["--config", workspace.join("inside.toml"), "sync", "debian", "--from", disk], { exitCode });

test("an export that was killed is refused on arrival, and continues", async () => {
  await using workspace = await createSides();
  const disk = workspace.join("disk");
  const label = join(disk, "mirrorctl-export.json");
  const isCutOff = (): boolean =>
    existsSync(label) && readFileSync(label, "utf8").includes('"complete": false');
  while (!isCutOff()) {
    await rm(disk, { recursive: true, force: true }); // the kill came too late
    const running = workspace.start(["export", "debian", "--to", disk]);
    const pool = join(disk, "pool");
    await until(async () => existsSync(pool) && (await listFiles(pool)).length > 2);
    running.kill("SIGKILL");
    await running.ended;
  }
  const { stderr } = await arrive(workspace, disk, 1);
  expect(stderr).toMatch(/the export in .*disk did not end/);
  const { stdout } = await workspace.run(["export", "debian", "--to", disk]);
  expect(stdout).toMatch(/, [1-9]\d* there already/);
  expect((await listFiles(disk)).filter((path) => path.startsWith("."))).toEqual([]);
  await arrive(workspace, disk);
  const current = await readTree(workspace.join("inside/debian/current"));
  expect(current).toEqual(await readTree(`${workspace.dir}/debian/current`));
});

test("an export to a disk that is too small copies nothing, and says what is missing", async ({ skip }) => {
  await using workspace = await createSides();
  const disk = workspace.join("disk");
  await using mounted = await mountDisk(disk, "size=16m", skip);
  const { stderr } = await workspace.run(["export", "debian", "--to", disk], { exitCode: 1 });
  expect(stderr).toMatch(/ERROR the export needs .* more, and .*disk has .* free/);
  expect(await listFiles(disk)).toEqual([]);
  await mounted.remount("rw,size=64m");
  await workspace.run(["export", "debian", "--to", disk]);
  await arrive(workspace, disk);
});
