/** Snapshots over time: switched on, on another file system, pruned, rolled back, promoted together. */
import { statSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  createWorkspace,
  diskParent,
  readTree,
  type TestbedConfig,
  temporaryDirectory,
  type Workspace,
} from "../support/index.ts";

/** Syncs with one package more upstream each time, under snapshot names that the test chooses. */
async function createWorkspaceWith(
  names: readonly string[],
  config: Omit<TestbedConfig, "mirrors" | "snapshot"> = {},
): Promise<Workspace> {
  const workspace = await createWorkspace({ ...config, mirrors: { debian: {} } });
  for (const name of names) {
    await publishPackage(workspace, name);
    await workspace.arrange(["sync"]);
    await workspace.arrange(["snapshot", "create", "debian", name]);
  }
  return workspace;
}

async function publishPackage({ upstream }: Workspace, name: string): Promise<void> {
  upstream.suite("stable").addPackage(name, "1.0-1");
  await upstream.publish();
}

/** Returns the rows of a table, cell by cell, without its head. */
const rowsOf = (table: string): string[][] =>
  table
    .trimEnd()
    .split("\n")
    .slice(1)
    .map((row) => row.split(/ {2,}/));

const nameAt = async (workspace: Workspace, link: "staging" | "production", id = "debian") =>
  (await workspace.published(id))[link]?.target.split("/").at(-1);

test.concurrent("production follows syncs until snapshots are switched on", async () => {
  await using workspace = await createWorkspace({ mirrors: { debian: {} } });
  await publishPackage(workspace, "first");
  await workspace.arrange(["sync"]);
  expect((await workspace.published("debian")).production?.target).toBe(".live");
  await publishPackage(workspace, "second");
  await workspace.run(["sync"]);
  const followed = await workspace.published("debian");
  expect(followed.production?.files).toEqual(followed.working?.files);
  expect(followed.production?.files.has("pool/main/s/second/second_1.0-1_amd64.deb")).toBe(true);

  workspace.configure({ snapshot: {}, mirrors: { debian: {} } });
  await publishPackage(workspace, "third");
  const { stderr } = await workspace.run(["sync"]);
  expect(stderr).toContain("INFO  Freezing what is in production as snapshot: ");
  const frozen = await workspace.published("debian");
  expect(frozen.production?.target).toMatch(/^\.\.\/\.snapshots\/debian\/2/);
  expect(frozen.production?.files).toEqual(followed.production?.files);
  expect(frozen.working?.files.has("pool/main/t/third/third_1.0-1_amd64.deb")).toBe(true);

  await publishPackage(workspace, "fourth");
  await workspace.run(["sync"]);
  expect((await workspace.published("debian")).production).toEqual(frozen.production);
});

test.concurrent("snapshots on another file system are copies, and the log says their size", async () => {
  await using workspace = await createWorkspace({ mirrors: {} });
  await using elsewhere = await temporaryDirectory("mirrorctl-e2e-", diskParent); // workspaces are in memory
  expect(statSync(elsewhere.path).dev).not.toBe(statSync(workspace.path).dev);
  workspace.configure({
    snapshot: { path: elsewhere.join("snapshots") },
    mirrors: { debian: { publish_to_staging: true } },
  });
  await publishPackage(workspace, "hello");
  const { stdout } = await workspace.run(["check", "config"]);
  expect(stdout).toContain("is on another file system than");
  const { stderr } = await workspace.run(["sync"]);
  expect(stderr).toMatch(
    /^INFO {2}Snapshot created successfully - copied \d\.\d kB, because it is on another file system than dir$/m,
  );
  const { staging } = await workspace.published("debian");
  expect(staging?.target).toContain(elsewhere.join("snapshots/debian/2"));
  expect(staging?.files).toEqual(await readTree(workspace.upstream.dir));
});

describe.concurrent("retention and reports", () => {
  test("prune keeps the newest and the shown ones, says why, and frees the others' bytes", async () => {
    await using workspace = await createWorkspaceWith(["one", "two", "three", "four"], {
      publish: { grace: "0s" },
    });
    await workspace.arrange(["snapshot", "publish", "debian", "one"]);
    await workspace.arrange(["snapshot", "stage", "debian", "two"]);
    const args = ["snapshot", "prune", "debian", "--keep-last", "1"];
    const decisions = [
      ["debian", "four", "keep", "among the newest 1"],
      ["debian", "three", "delete", "no rule keeps it"],
      ["debian", "two", "keep", "staged"],
      ["debian", "one", "keep", "in production"],
    ];
    const before = await workspace.everything();
    expect(rowsOf((await workspace.run([...args, "--dry-run"])).stdout)).toEqual(decisions);
    expect(await workspace.everything()).toEqual(before);

    const { stdout, stderr } = await workspace.run(args);
    expect(rowsOf(stdout)).toEqual(decisions);
    expect(stderr).toContain("INFO  Snapshot deleted: three\n");
    expect(stderr).toMatch(/^INFO {2}Freed \d\.\d kB in \d files$/m);
    const list = await workspace.run(["snapshot", "list"]);
    expect(rowsOf(list.stdout).map((row) => [row[1], row[4] ?? ""])).toEqual([
      ["four", ""],
      ["two", "staging"],
      ["one", "production"],
    ]);
  });

  test("prune keeps snapshots that left production within the grace time", async () => {
    await using workspace = await createWorkspaceWith(["one", "two"]);
    for (const name of ["one", "two"]) await workspace.arrange(["snapshot", "publish", "debian", name]);
    const { stdout } = await workspace.run(["snapshot", "prune", "--keep-last", "0"]);
    expect(rowsOf(stdout)).toEqual([
      ["debian", "two", "keep", "in production"],
      ["debian", "one", "keep", "left production within the grace time, a rollback would go back to it"],
    ]);
  });

  test("each sync prunes as configured", async () => {
    await using workspace = await createWorkspace({
      snapshot: { prune: { keep_last: 2 } },
      mirrors: { debian: {} },
    });
    for (const name of ["one", "two"]) {
      await publishPackage(workspace, name);
      await workspace.arrange(["sync"]);
    }
    await publishPackage(workspace, "three");
    await workspace.run(["sync"]);
    expect(rowsOf((await workspace.run(["snapshot", "list"])).stdout)).toHaveLength(2);
  });

  test("list --detailed counts files, packages, and shared and other bytes", async () => {
    await using workspace = await createWorkspaceWith(["one", "two"]);
    const { stdout } = await workspace.run(["snapshot", "list", "--detailed", "--json"]);
    const listed = JSON.parse(stdout) as Record<string, unknown>[];
    expect(listed.map(({ name, packages }) => ({ name, packages }))).toEqual([
      { name: "two", packages: 2 },
      { name: "one", packages: 1 },
    ]);
    const table = (await workspace.run(["snapshot", "list", "--detailed"])).stdout;
    expect(table).toMatch(/^MIRROR +SNAPSHOT NAME +CREATED +SIZE +FILES +PACKAGES +UNIQUE +SHARED +STATUS$/m);
    // The working mirror has all of the newest as well, and the first package is in both.
    expect(rowsOf(table).map((row) => row[6] === "0 B")).toEqual([true, false]);
  });

  test("history shows who did what, and why", async () => {
    await using workspace = await createWorkspaceWith(["one"]);
    await workspace.run(["snapshot", "stage", "debian", "one"]);
    await workspace.run(["snapshot", "promote", "debian", "--reason", "tests passed"]);
    const { stdout } = await workspace.run(["history", "debian"]);
    expect(rowsOf(stdout).map(([, , mirror, ...rest]) => [mirror, ...rest])).toEqual([
      ["debian", "promote", "done", "-", "one", "tests passed"],
      ["debian", "test", "done", "-", "one", "1 of 1 gate passed"],
      ["debian", "stage", "done", "-", "one"],
      ["debian", "create", "done", "-", "one", expect.stringMatching(/^1 package, [\d.]+ kB$/)],
      ["debian", "sync", "done", "-", "-", expect.stringMatching(/^1 file fetched \(\d+ B\)$/)],
    ]);
  });

  test("status --check exits with 1 if something needs a person, and says what", async () => {
    await using workspace = await createWorkspaceWith([]);
    expect((await workspace.run(["status", "--check"], { exitCode: 1 })).stdout).toContain("never synced");
    await publishPackage(workspace, "hello");
    await workspace.arrange(["sync"]);
    expect((await workspace.run(["status", "--check"])).stdout).not.toContain("attention");
    await publishPackage(workspace, "missing");
    workspace.upstream.remove("pool/main/m/missing/missing_1.0-1_amd64.deb");
    await workspace.run(["sync"], { exitCode: 1 });
    expect((await workspace.run(["status"])).stdout).toMatch(
      /^ {2}attention {3}the last sync failed: debian: .*\n {14}pool\/main\/m\/missing\/\S+: 404 /m,
    );
    await workspace.run(["status", "--check"], { exitCode: 1 });
  });
});

describe.concurrent("production", () => {
  test("rolls back two steps with two rollbacks, and not a third", async () => {
    await using workspace = await createWorkspaceWith(["one", "two", "three"]);
    for (const name of ["one", "two", "three"]) {
      await workspace.arrange(["snapshot", "stage", "debian", name]);
      await workspace.arrange(["snapshot", "promote", "debian"]);
    }
    const first = await workspace.run(["snapshot", "rollback", "debian"]);
    expect(first.stderr).toContain("INFO  Rolling back production for debian from three\n");
    expect(first.stderr).toContain("clients that have seen the newer one keep its lists");
    expect(first.stderr).toContain("INFO  Production updated: debian -> two\n");
    await workspace.run(["snapshot", "rollback", "debian"]);
    expect(await nameAt(workspace, "production")).toBe("one");
    await workspace.run(["snapshot", "rollback", "debian"], { exitCode: 1 });
    expect(await nameAt(workspace, "production")).toBe("one");
    await workspace.run(["snapshot", "rollback", "debian", "--to", "three"]);
    expect(await nameAt(workspace, "production")).toBe("three");
    expect(await nameAt(workspace, "staging")).toBe("three");
  });

  test("of several mirrors is promoted together or not at all", async () => {
    await using workspace = await createWorkspace({ mirrors: { alpha: {}, beta: {} } });
    await publishPackage(workspace, "hello");
    await workspace.arrange(["sync"]);
    for (const id of ["alpha", "beta"]) await workspace.arrange(["snapshot", "create", id, "one"]);
    await workspace.arrange(["snapshot", "stage", "alpha", "one"]);
    const before = await workspace.published("alpha");
    const refused = await workspace.run(["snapshot", "promote", "alpha", "beta"], { exitCode: 1 });
    expect(refused.stderr).toContain("ERROR beta has nothing in staging\n");
    expect(await workspace.published("alpha")).toEqual(before);

    await workspace.arrange(["snapshot", "stage", "beta", "one"]);
    await workspace.run(["snapshot", "promote", "alpha", "beta"]);
    for (const id of ["alpha", "beta"]) expect(await nameAt(workspace, "production", id)).toBe("one");
  });
});
