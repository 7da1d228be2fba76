/** A sync that ends early, for any reason, leaves production alone, and the next run continues. */
import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readCarried } from "../../src/snapshot/index.ts";
import { createWorkspace, type RunningCommand, readTree, type Workspace } from "../support/index.ts";
import { until } from "./until.ts";

const mebibyte = 1 << 20;
const partialBytes = 2 * mebibyte;

const pathOf = (name: string): string => `/pool/main/${name.slice(0, 1)}/${name}/${name}_1.0-1_amd64.deb`;
const bigDeb = pathOf("big");

/** A mirror with something in production. New upstream are, in this order: a small, a large and a small package. */
async function createWorkspaceToInterrupt(): Promise<Workspace> {
  const workspace = await createWorkspace({
    max_conns: 1,
    snapshot: {},
    mirrors: { debian: { publish_to_staging: true } },
  });
  const suite = workspace.upstream.suite("stable").addPackage("hello", "1.0-1");
  await workspace.upstream.publish();
  await workspace.arrange(["sync"]);
  await workspace.arrange(["snapshot", "promote", "debian"]);
  suite
    .addPackage("after", "1.0-1")
    .addPackage("big", "1.0-1", { files: { "usr/share/big": randomBytes(3 * mebibyte) } })
    .addPackage("coming", "1.0-1");
  await workspace.upstream.publish();
  workspace.server.clearRequests();
  return workspace;
}

/** Waits until this many bytes of a download are on disk: bytes in flight are lost with the process. */
async function untilHeld(workspace: Workspace, sizeBytes: number): Promise<void> {
  const directory = workspace.join("www/.mirrorctl/partial/debian");
  await until(() =>
    readdirSync(directory).some((name) => statSync(`${directory}/${name}`).size >= sizeBytes),
  );
}

/** Checks the next run: it requests nothing that was downloaded, only the rest of the large file, and completes. */
/** `others` are the files besides the large one that the interrupted sync did not get to. */
async function expectContinuation(workspace: Workspace, others = [pathOf("coming")]): Promise<void> {
  workspace.server.clearRequests();
  await workspace.run(["sync"]);
  const requests = workspace.server.requests.filter(({ path }) => !/\/(?:In)?Release(?:\.gpg)?$/.test(path));
  expect(requests.map(({ path, headers, status }) => [path, headers.range, status])).toEqual([
    [bigDeb, `bytes=${partialBytes}-`, 206],
    ...others.map((path) => [path, undefined, 200]),
  ]);

  const fresh = workspace.join("fresh");
  await workspace.run(["sync"], { env: { MIRRORCTL_DIR: fresh } });
  const { staging, working } = await workspace.published("debian");
  const carried = readCarried(realpathSync(workspace.join("www/debian/.live")));
  const own = new Map([...(working?.files ?? [])].filter(([path]) => !carried.has(path)));
  expect(own).toEqual(await readTree(`${fresh}/debian/.live`));
  expect(staging?.files).toEqual(own);
  expect(await workspace.leftovers()).toEqual([]);
}

describe.concurrent("a sync that is ended in the middle of a large file by", () => {
  interface Ending {
    readonly signal: "SIGINT" | "SIGTERM" | "SIGHUP" | "SIGKILL";
    readonly exitCode: number;
    readonly says: string;
  }

  const cases: readonly Ending[] = [
    { signal: "SIGINT", exitCode: 130, says: "ERROR interrupted by SIGINT: what has come so far is kept" },
    { signal: "SIGTERM", exitCode: 143, says: "ERROR interrupted by SIGTERM: what has come so far is kept" },
    { signal: "SIGHUP", exitCode: 143, says: "ERROR interrupted by SIGHUP: what has come so far is kept" },
    { signal: "SIGKILL", exitCode: 137, says: "Downloading 3 files" },
  ];

  test.for(cases)("$signal is continued by the next", async ({ signal, exitCode, says }) => {
    await using workspace = await createWorkspaceToInterrupt();
    const before = await workspace.published("debian");
    const stall = workspace.server.fault({ path: bigDeb, stallAt: partialBytes });
    await using running: RunningCommand = workspace.start(["sync"]);
    await stall.reached;
    await untilHeld(workspace, partialBytes);
    running.kill(signal);
    const ended = await running.ended;
    expect(ended.exitCode).toBe(exitCode);
    expect(ended.stderr).toContain(says);
    expect(await workspace.published("debian")).toEqual(before);

    stall.disarm();
    await expectContinuation(workspace);
    expect((await workspace.published("debian")).production).toEqual(before.production);
  });
});

test.concurrent("a sync that loses its network says so after several attempts, and is continued", async () => {
  await using workspace = await createWorkspaceToInterrupt();
  const before = await workspace.published("debian");
  const cut = workspace.server.fault({ path: bigDeb, truncateAt: partialBytes, times: 1 });
  const gone = workspace.server.fault({ path: bigDeb, resetAt: 0 });
  const { stderr } = await workspace.run(["sync"], { exitCode: 1 });
  expect(cut.timesMet).toBe(1);
  expect(stderr).toMatch(/^WARN {2}GET \S+big_1\.0-1_amd64\.deb: (?:(?!http:).)*, trying again in \d/m);
  expect(stderr).toMatch(/ERROR GET \S+big_1\.0-1_amd64\.deb: .*\(5 attempts\)/);
  expect(stderr).toContain("ERROR Sync failed for debian");
  expect(await workspace.published("debian")).toEqual(before);

  gone.disarm();
  // While one file waits to be tried again, its connection downloads the others.
  await expectContinuation(workspace, []);
});

test.concurrent("the lock of a killed run is free at once", async () => {
  await using workspace = await createWorkspaceToInterrupt();
  const stall = workspace.server.fault({ path: bigDeb, stallAt: 0 });
  await using running = workspace.start(["sync"]);
  await stall.reached;
  await workspace.run(["snapshot", "create", "debian", "meanwhile"], { exitCode: 4 });
  running.kill("SIGKILL");
  await running.ended;
  await workspace.run(["snapshot", "create", "debian", "afterwards"]);
  const { stdout } = await workspace.run(["snapshot", "list", "--json"]);
  expect(stdout).toContain('"afterwards"');
});

// A gate that ignores SIGTERM keeps the program from ending in order for some seconds.
test.concurrent("a second Ctrl-C ends a command at once", async () => {
  await using workspace = await createWorkspaceToInterrupt();
  const told = workspace.join("told");
  const started = workspace.join("started");
  // It ends with the directory of the test.
  const stubborn = `trap 'touch ${told}' TERM; touch ${started}; while [ -e ${started} ]; do sleep 0.05; done`;
  workspace.configure({
    snapshot: {},
    mirrors: { debian: { publish_to_staging: true, gates: { commands: [["/bin/sh", "-c", stubborn]] } } },
  });
  await workspace.arrange(["snapshot", "create", "debian", "next", "--stage"]);
  await using running = workspace.start(["snapshot", "test", "debian"]);
  await until(() => existsSync(started));
  running.kill("SIGINT");
  await until(() => existsSync(told));
  running.kill("SIGINT");
  const { exitCode, stderr } = await running.ended;
  expect(exitCode).toBe(130);
  expect(stderr).not.toContain("interrupted by SIGINT"); // which it says when it ends in order
});
