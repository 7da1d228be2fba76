/** Damaged snapshots: found, kept out of new trees, and repaired even if runs are killed. */
import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { chmod, readdir } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createWorkspace, type Workspace } from "../support/index.ts";

const debOf = (name: string): string => `pool/main/${name.slice(0, 1)}/${name}/${name}_1.0-1_amd64.deb`;

/** Files of this size are enough for the program to start threads. */
const largeBytes = 22 << 20;

/** Makes a mirror with snapshot "one" in production, of three packages. */
async function createMirror(): Promise<Workspace> {
  const workspace = await createWorkspace({ max_conns: 1, mirrors: { debian: {} } });
  const suite = workspace.upstream.suite("stable");
  for (const name of ["first", "second", "third"]) suite.addPackage(name, "1.0-1");
  await workspace.upstream.publish();
  await workspace.arrange(["sync"]);
  await workspace.arrange(["snapshot", "create", "debian", "one"]);
  await workspace.arrange(["snapshot", "publish", "debian", "one"]);
  return workspace;
}

/** Changes one bit of a file of production, which every tree shares. */
function damage({ dir }: Workspace, path: string): void {
  const file = join(dir, "debian/current", path);
  const bytes = readFileSync(file);
  bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 1, bytes.length >> 1);
  writeFileSync(file, bytes);
}

describe.concurrent("verify", () => {
  test("a killed repair makes no tree worse, and the next one completes it", async () => {
    await using workspace = await createMirror();
    const whole = await workspace.published("debian");
    for (const name of ["first", "second", "third"]) damage(workspace, debOf(name));
    const damaged = await workspace.published("debian");
    const repair = ["snapshot", "verify", "debian", "--deep", "--repair"];

    const stall = workspace.server.fault({ path: `/${debOf("second")}`, stallAt: 0 });
    await using running = workspace.start(repair);
    await stall.reached;
    running.kill("SIGKILL");
    await running.ended;
    expect(await workspace.published("debian")).toEqual(damaged);

    stall.disarm();
    workspace.server.clearRequests();
    const { stdout } = await workspace.run(repair);
    expect(stdout).toMatch(/^debian +\(working mirror\) +repaired +\d+ +\S+ \S+ +0 +3$/m);
    expect(workspace.server.requests.map(({ path }) => path)).toEqual(
      ["second", "third"].map((name) => `/${debOf(name)}`), // the first was downloaded before the kill
    );
    expect(await workspace.published("debian")).toEqual(whole);
    expect(await workspace.leftovers()).toEqual([]);
    const again = await workspace.run(["--json", ...repair]);
    expect(JSON.parse(again.stdout)).toMatchObject([{ result: "whole" }, { result: "whole" }]);
  });

  test("reports damage to a user who may only read, and that it may spread", async () => {
    const isRoot = userInfo().uid === 0;
    const unprivileged = isRoot ? { userId: 65_534 } : {};
    await using workspace = await createMirror();
    await chmod(workspace.path, 0o755);
    const pool = join(workspace.dir, ".snapshots/debian/one/pool");
    await chmod(pool, 0o000);
    const all = await workspace.run(["snapshot", "verify", "debian"], {
      ...unprivileged,
      exitCode: 1,
    });
    expect(all.stdout).toMatch(/^debian +\(working mirror\) +whole /m);
    expect(all.stderr).toContain("ERROR one: it cannot be read: EACCES: permission denied");
    await chmod(pool, 0o755);

    damage(workspace, debOf("first"));
    const closed = ["state", "objects/sha256"].map((path) => join(workspace.dir, ".mirrorctl", path));
    const shards = (await readdir(closed[1] ?? "")).map((shard) => join(closed[1] ?? "", shard));
    if (!isRoot) for (const path of [...closed, ...shards]) await chmod(path, 0o555);
    const before = await workspace.everything();
    const { stdout, stderr } = await workspace.run(["snapshot", "verify", "debian", "one", "--deep"], {
      ...unprivileged,
      exitCode: 1,
    });
    expect(stdout).toMatch(/^debian +one +damaged +\d+ +\S+ \S+ +1 +0$/m);
    expect(stderr).toContain(`ERROR one: ${debOf("first")}: the sha256 digest is `);
    expect(stderr).toContain(
      "WARN  debian: the next sync may link what is damaged, since this user cannot mark it",
    );
    expect(stderr).toContain("To repair it: mirrorctl snapshot verify debian one --deep --repair\n");
    expect(await workspace.everything()).toEqual(before);
    if (!isRoot) for (const path of [...closed, ...shards]) await chmod(path, 0o755);
  });

  test("reads large files on all processors, and finds the damaged one", async () => {
    await using workspace = await createWorkspace({ mirrors: { debian: {} } });
    const suite = workspace.upstream.suite("stable");
    for (const name of ["first", "second", "third"])
      suite.addPackage(name, "1.0-1", { files: { data: randomBytes(largeBytes) } });
    await workspace.upstream.publish();
    await workspace.arrange(["sync"]);
    await workspace.arrange(["snapshot", "create", "debian", "one"]);
    await workspace.arrange(["snapshot", "publish", "debian", "one"]);
    const verify = ["--json", "snapshot", "verify", "debian", "one", "--deep"];
    expect(JSON.parse((await workspace.run(verify)).stdout)).toMatchObject([{ result: "whole" }]);
    damage(workspace, debOf("second"));
    const { stdout } = await workspace.run(verify, { exitCode: 1 });
    expect(JSON.parse(stdout)).toMatchObject([{ damages: [{ path: debOf("second") }] }]);
  });
});
