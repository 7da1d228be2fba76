/** The costs and output of a run: requests, disk, lines. */
import { existsSync, readdirSync, readlinkSync, statSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createWorkspace, findProgram, listFiles, type Workspace } from "../support/index.ts";

const newDeb = "/pool/main/n/newcomer/newcomer_1.0-1_amd64.deb";

async function createSyncedWorkspace(settings: {
  readonly suites?: readonly string[];
  readonly snapshot?: object;
}): Promise<Workspace> {
  const { suites = ["stable"], snapshot } = settings;
  const workspace = await createWorkspace({
    ...(snapshot === undefined ? {} : { snapshot }),
    mirrors: { debian: { suites } },
  });
  for (const suite of suites) workspace.upstream.suite(suite).addPackage(`hello-${suite}`, "1.0-1");
  await workspace.upstream.publish();
  await workspace.arrange(["sync"]);
  workspace.server.clearRequests();
  return workspace;
}

/** Returns path -> inode of every file of a tree. */
async function inodesOf(tree: string): Promise<ReadonlyMap<string, number>> {
  return new Map((await listFiles(tree)).map((path) => [path, statSync(`${tree}/${path}`).ino]));
}

describe.concurrent("a sync with nothing new", () => {
  test("makes one conditional request for each suite, and does not change the disk", async () => {
    await using workspace = await createSyncedWorkspace({ suites: ["stable", "stable-updates"] });
    const live = workspace.join("www/debian/.live");
    const before = { tree: await workspace.everything(), inodes: await inodesOf(live) };
    const { stderr } = await workspace.run(["sync"]);
    expect(stderr).toContain("INFO  Nothing new upstream for debian\n");
    const requests = workspace.server.requests.map(({ method, path, status, headers }) => ({
      request: `${method} ${path}`,
      status,
      isConditional: headers["if-none-match"] !== undefined,
    }));
    expect(requests.toSorted((a, b) => a.request.localeCompare(b.request))).toEqual([
      { request: "GET /dists/stable-updates/InRelease", status: 304, isConditional: true },
      { request: "GET /dists/stable/InRelease", status: 304, isConditional: true },
    ]);
    expect({ tree: await workspace.everything(), inodes: await inodesOf(live) }).toEqual(before);
  });

  test("still makes a snapshot, of the same inodes", async () => {
    await using workspace = await createSyncedWorkspace({ snapshot: {} });
    const live = workspace.join("www/debian/.live");
    const generation = readlinkSync(live);
    await workspace.run(["sync"]);
    expect(workspace.server.requests).toHaveLength(1);
    expect(readlinkSync(live)).toBe(generation);
    const { stdout } = await workspace.run(["snapshot", "list", "--json"]);
    const names = (JSON.parse(stdout) as { name: string }[]).map(({ name }) => name);
    expect(names).toHaveLength(2);
    for (const name of names)
      expect(await inodesOf(workspace.join("www/.snapshots/debian", name))).toEqual(await inodesOf(live));
  });
});

test.concurrent("with skip_unchanged, makes one request and does not change the disk", async () => {
  await using workspace = await createSyncedWorkspace({ snapshot: { skip_unchanged: true } });
  const before = await workspace.everything();
  const { stderr } = await workspace.run(["sync"]);
  expect(workspace.server.requests.map(({ status }) => status)).toEqual([304]);
  expect(await workspace.everything()).toEqual(before);
  const [name, ...others] = readdirSync(workspace.join("www/.snapshots/debian")).filter(
    (one) => !one.startsWith("."),
  );
  expect(others).toEqual([]);
  expect(stderr).toContain(
    `INFO  Nothing new since snapshot ${name}: it is kept, and no other is made (skip_unchanged)\n`,
  );
  expect((await workspace.run(["status"])).stdout).not.toContain("skip_unchanged");
  workspace.configure({ snapshot: {}, mirrors: { debian: {} } });
  await workspace.arrange(["sync"]);
  const status = await workspace.run(["status", "--check"]);
  expect(status.stdout).toContain("[snapshot] skip_unchanged = true");
});

test.concurrent("a sync with one new package requests it, its index, and the Release files", async () => {
  await using workspace = await createSyncedWorkspace({ suites: ["stable", "stable-updates"] });
  workspace.upstream.suite("stable").addPackage("newcomer", "1.0-1");
  await workspace.upstream.publish();
  await workspace.run(["sync"]);
  const paths = workspace.server.requests
    .map(({ path }) => path.replace(/by-hash\/.*$/, "by-hash/…"))
    // The Date of both suites is new.
    .filter((path) => !path.includes("/stable-updates/"));
  expect(paths.toSorted()).toEqual([
    "/dists/stable/InRelease",
    "/dists/stable/Release",
    "/dists/stable/Release.gpg",
    "/dists/stable/main/binary-amd64/by-hash/…",
    "/dists/stable/main/binary-amd64/by-hash/…",
    newDeb,
  ]);
});

async function createThreeMirrors(): Promise<Workspace> {
  const workspace = await createWorkspace({
    mirrors: { alpha: {}, broken: { suites: ["no-such"] }, gamma: {} },
  });
  workspace.upstream.suite("stable").addPackage("hello", "1.0-1");
  await workspace.upstream.publish();
  return workspace;
}

describe.concurrent("of several mirrors one of which fails", () => {
  test("the others succeed, the status is 1, and the summary names each", async () => {
    await using workspace = await createThreeMirrors();
    const { stdout, stderr } = await workspace.run(["sync"], { exitCode: 1 });
    expect(stdout.split("\n").map((row) => row.split(/ {2,}/))).toEqual([
      ["MIRROR", "RESULT", "FILES FETCHED", "SNAPSHOT"],
      ["alpha", "synced", expect.stringMatching(/^[01] \(\d+ B\)$/), "-"],
      ["broken", "FAILED", "-", "broken: upstream has neither dists/no-such/InRelease nor Release"],
      ["gamma", "synced", expect.stringMatching(/^[01] \(\d+ B\)$/), "-"],
      [""],
    ]);
    expect(stderr).toContain("ERROR Sync failed for broken\n");
    expect(stderr).toContain("Check url and suites");
    for (const id of ["alpha", "gamma"])
      expect((await workspace.published(id)).production?.files.size).toBeGreaterThan(0);
    expect(await workspace.published("broken")).toEqual({});
  });

  test("every line of the log names its mirror, and the last one sums up", async () => {
    await using workspace = await createThreeMirrors();
    const { stderr } = await workspace.run(["--log-level", "debug", "sync"], { exitCode: 1 });
    const lines = stderr.trimEnd().split("\n");
    expect(lines.pop()).toMatch(
      /^INFO {2}Sync of 3 mirrors ended after \d+s: 2 synced, 1 failed \(broken\); \d files? \(.*\) downloaded$/,
    );
    const isNamed = /^(?: {6}|[A-Z]+ +(?:(?:alpha|broken|gamma): |.* (?:alpha|broken|gamma)$))/;
    expect(lines.filter((line) => !isNamed.test(line))).toEqual([]);
    const alone = await workspace.run(["sync", "alpha"]);
    expect(alone.stderr).toMatch(/^INFO {2}Downloading Release file$/m);
    expect(alone.stderr).toMatch(/^INFO {2}Sync of 1 mirror ended after \d+s: 1 unchanged$/m);
  });

  test("--json says the same to programs", async () => {
    await using workspace = await createThreeMirrors();
    const { stdout } = await workspace.run(["sync", "--json"], { exitCode: 1 });
    const outcomes: readonly { readonly fetchedFiles?: number }[] = JSON.parse(stdout);
    expect(outcomes).toEqual([
      expect.objectContaining({ mirror: "alpha", kind: "synced" }),
      {
        mirror: "broken",
        kind: "failed",
        code: "upstream/HTTP_STATUS",
        error: `broken: upstream has neither dists/no-such/InRelease nor Release\nGET ${workspace.server.url}/dists/no-such/InRelease: 404`,
      },
      expect.objectContaining({ mirror: "gamma", kind: "synced" }),
    ]);
    // They share one package and the store: the second one may find it there.
    const fetched = outcomes.flatMap(({ fetchedFiles }) => fetchedFiles ?? []).toSorted((a, b) => a - b);
    expect([
      [0, 1],
      [1, 1],
    ]).toContainEqual(fetched);
  });

  test("--quiet shows only errors, and named mirrors succeed silently", async () => {
    await using workspace = await createThreeMirrors();
    const failed = await workspace.run(["sync", "--quiet"], { exitCode: 1 });
    expect(failed.stdout).toBe("");
    expect(failed.stderr).toMatch(/^ERROR .*\n(?: {6}.*\n)*ERROR Sync failed for broken\n$/);
    expect(await workspace.run(["sync", "-q", "alpha", "gamma"])).toEqual({
      exitCode: 0,
      stdout: "",
      stderr: "",
    });
  });
});

test.concurrent("--json makes every report JSON, and the log stays off standard output", async () => {
  await using workspace = await createSyncedWorkspace({ snapshot: {} });
  for (const args of [
    ["sync"],
    ["sync", "--dry-run"],
    ["snapshot", "create", "debian", "first"],
    ["snapshot", "create", "debian", "second"],
    ["snapshot", "list"],
    ["snapshot", "list", "--detailed"],
    ["snapshot", "stage", "debian", "first"],
    ["snapshot", "promote", "debian"],
    ["snapshot", "publish", "debian", "second"],
    ["snapshot", "rollback", "debian"],
    ["snapshot", "verify", "debian", "--deep", "--repair"],
    ["snapshot", "prune", "--keep-last", "1", "--dry-run"],
    ["snapshot", "delete", "debian", "second"],
    ["status"],
    ["history"],
    ["check", "config"],
    ["version"],
  ]) {
    const { stdout } = await workspace.run([...args, "--json"]);
    expect(() => JSON.parse(stdout) as unknown, `${args.join(" ")}: ${stdout}`).not.toThrow();
  }
});

test.concurrent("--quiet prints nothing if all goes well", async () => {
  await using workspace = await createSyncedWorkspace({ snapshot: {} });
  for (const args of [
    ["sync"],
    ["snapshot", "create", "debian", "first", "--stage"],
    ["snapshot", "promote", "debian"],
    ["snapshot", "create", "debian", "second"],
    ["snapshot", "stage", "debian", "second"],
    ["snapshot", "delete", "debian", "second", "--force"],
  ]) {
    const { stdout, stderr } = await workspace.run([...args, "--quiet"]);
    expect({ args, printed: stdout + stderr }).toEqual({ args, printed: "" });
  }
});

describe.concurrent("sync --dry-run", () => {
  test("changes nothing, downloads no package, and reports the downloads", async () => {
    await using workspace = await createSyncedWorkspace({ snapshot: {} });
    workspace.upstream.suite("stable").addPackage("newcomer", "1.0-1");
    await workspace.upstream.publish();
    const before = await workspace.everything();
    const { stdout, stderr } = await workspace.run(["sync", "--dry-run"]);
    expect(stderr).toContain("INFO  Performing dry run - no files will be downloaded\n");
    expect(stderr).toMatch(/^INFO {2}Estimated disk space required: \d\.\d kB$/m);
    const [head, row] = stdout.split("\n").map((line) => line.split(/ {2,}/));
    expect(head).toEqual(["MIRROR", "FILES", "TOTAL SIZE", "HELD", "TO COME", "FREE"]);
    const missing = statSync(workspace.upstream.path(newDeb)).size;
    expect(row?.slice(0, 5)).toEqual([
      "debian",
      "2",
      expect.stringMatching(/^\d\.\d kB$/),
      expect.stringMatching(/^\d+ B$/),
      `${missing} B`,
    ]);
    expect(workspace.server.requests.filter(({ path }) => path.startsWith("/pool/"))).toEqual([]);
    expect(await workspace.everything()).toEqual(before);
  });

  test("of a mirror that was never synced does not even make `dir`", async () => {
    await using workspace = await createWorkspace({ mirrors: { debian: {} } });
    workspace.upstream.suite("stable").addPackage("hello", "1.0-1");
    await workspace.upstream.publish();
    const before = await workspace.everything();
    await workspace.run(["sync", "--dry-run"]);
    expect(await workspace.everything()).toEqual(before);
    expect(existsSync(workspace.dir)).toBe(false);
  });
});

const bar = /\[[=> ]{24}\] +\d+% {2}\d+\/1 files/;

/** util-linux's script(1) runs a command on a new terminal, and passes on its output and exit status. */
const onTerminal = (commandLine: readonly string[]): readonly string[] => {
  const script = findProgram("script");
  if (script === undefined) throw new Error("script(1) is missing: install bsdutils");
  // A terminal without a set size has no columns.
  return [script, "-qec", `stty cols 120 && exec ${commandLine.join(" ")}`, "/dev/null"];
};

async function createFreshWorkspace(): Promise<Workspace> {
  const workspace = await createWorkspace({ mirrors: { debian: {} } });
  workspace.upstream.suite("stable").addPackage("hello", "1.0-1");
  await workspace.upstream.publish();
  return workspace;
}

describe.concurrent("progress bars", () => {
  test("are drawn on a terminal, and removed at the end", async () => {
    await using workspace = await createFreshWorkspace();
    const { stdout } = await workspace.run(["sync"], { through: onTerminal });
    expect(stdout).toMatch(bar);
    expect(stdout.slice(stdout.lastIndexOf("\u001B[0J"))).not.toMatch(bar);
    expect(stdout).toContain("Sync completed successfully for debian");
  });

  test.for([
    { with: "--quiet", flags: ["--quiet"], env: {} },
    { with: "plain lines", flags: [], env: { MIRRORCTL_LOG_FORMAT: "plain" } },
    { with: "nothing but plain text on it", flags: [], env: { TERM: "dumb" } },
  ])("are not drawn on a terminal with $with", async ({ flags, env }) => {
    await using workspace = await createFreshWorkspace();
    const { stdout } = await workspace.run(["sync", ...flags], { through: onTerminal, env });
    expect(stdout).not.toContain("\u001B");
    expect(stdout).not.toMatch(bar);
    expect((await workspace.published("debian")).working?.files.size).toBeGreaterThan(0);
  });

  test("and colours are not used elsewhere", async () => {
    await using workspace = await createFreshWorkspace();
    const { stdout, stderr } = await workspace.run(["sync"]);
    expect(stdout + stderr).not.toContain("\u001B");
    expect(stdout + stderr).not.toMatch(bar);
  });
});
