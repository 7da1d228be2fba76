/** A sync may take hours; production can be moved and snapshots removed meanwhile. */
import { expect, test } from "vitest";
import { createWorkspace } from "../support/index.ts";
import { openApp } from "../support/open-app.ts";
import { createRunningMirror, nameInStaging, newDeb } from "./running-mirror.ts";

test("production moves, rolls back and is pruned while a sync runs", async () => {
  await using workspace = await createRunningMirror();
  const first = await nameInStaging(workspace);
  const stalled = workspace.server.fault({ path: `/${newDeb}`, stallAt: 1 });
  await using sync = workspace.start(["sync"]);
  await stalled.reached;

  await workspace.run(["snapshot", "publish", "debian", first]);
  await workspace.run(["snapshot", "stage", "debian", first]);
  await workspace.run(["snapshot", "promote", "debian"]);
  await workspace.run(["snapshot", "prune", "debian", "--keep-last", "0"]);
  await workspace.run(["snapshot", "rollback", "debian", "--to", first]);
  // Commands that change the working mirror have to wait.
  const { stderr } = await workspace.run(["snapshot", "create", "debian", "meanwhile"], { exitCode: 4 });
  expect(stderr).toContain("mirror debian is locked by");
  const history = await workspace.run(["history", "--json"]);
  const second = await workspace.run(["sync"], { exitCode: 4 });
  expect(second.stderr).toMatch(
    /^ERROR mirror debian is locked by \S+: sync \(process \d+\)\n(?: {6}.*\n)*(?:INFO {2}Sync of 1 mirror .*: 1 locked by another run \(debian\)\n)?$/,
  );
  const { stdout } = await workspace.run(["sync", "--dry-run"]);
  expect(stdout).toMatch(/^debian +2 +/m);
  expect(await workspace.run(["history", "--json"])).toEqual(history);

  stalled.release();
  expect((await sync.ended).exitCode).toBe(0);
  const { production, staging } = await workspace.published("debian");
  expect(production?.target).toContain(first);
  expect([...(staging?.files.keys() ?? [])]).toContain(newDeb);
});

test.for([
  { other: "syncs", suite: "stable", exitCode: 4 },
  { other: "fails", suite: "no-such", exitCode: 1 },
])("a sync of a locked mirror and one that $other exits $exitCode", async ({ suite, exitCode }) => {
  await using workspace = await createWorkspace({ mirrors: { debian: {}, other: { suites: [suite] } } });
  workspace.upstream.suite("stable").addPackage("hello", "1.0-1");
  await workspace.upstream.publish();
  await using app = await openApp({ path: workspace.configFile });
  const mirror = app.mirror("debian");
  using _lock = await mirror.lockWorkingMirror("test");
  const { stdout } = await workspace.run(["sync"], { exitCode });
  const [head, first, second] = stdout.split("\n").map((row) => row.split(/ {2,}/));
  expect(head).toEqual(["MIRROR", "RESULT", "FILES FETCHED", "SNAPSHOT"]);
  expect(first).toEqual(["debian", "locked", "-", "mirror debian is locked by ada: test (process 42)"]);
  expect(second?.slice(0, 2)).toEqual(["other", exitCode === 4 ? "synced" : "FAILED"]);
});

test("ten readers never wait, and see the old production or the new one", async () => {
  await using workspace = await createRunningMirror();
  const first = await nameInStaging(workspace);
  await workspace.arrange(["sync"]);
  const second = await nameInStaging(workspace);
  const readers = [
    ["status"],
    ["history"],
    ["snapshot", "list"],
    ["snapshot", "list", "--detailed"],
    ["status", "debian"],
  ];
  const readAll = (): Promise<readonly string[]> =>
    Promise.all(
      [...readers, ...readers].map(async (args) => (await workspace.run([...args, "--json"])).stdout),
    );

  await using app = await openApp({ path: workspace.configFile });
  const mirror = app.mirror("debian");
  const locks = [await mirror.lockWorkingMirror("test"), await mirror.lockSnapshots("test")];
  const whileLocked = await readAll();
  for (const lock of locks) lock.release();
  expect(whileLocked.map((text) => text.includes(first))).not.toContain(false);

  const [promoted, whilePromoting] = await Promise.all([
    workspace.run(["snapshot", "promote", "debian"]),
    readAll(),
  ]);
  expect(promoted.stderr).toContain(`Production updated: debian -> ${second}`);
  for (const text of whilePromoting) expect(JSON.parse(text)).toBeDefined();
});
