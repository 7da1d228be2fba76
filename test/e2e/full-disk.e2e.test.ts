/** A full disk: production stays as it is, and commands that free space or only read still work. */
import { randomBytes } from "node:crypto";
import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { expect, type TestContext, test } from "vitest";
import { hasCode } from "../../src/errors.ts";
import { createWorkspace, type Workspace } from "../support/index.ts";
import { mountDisk } from "./mounted-disk.ts";
import { logOfFailure, nameInStaging } from "./running-mirror.ts";
import { until } from "./until.ts";

interface SmallDisk extends AsyncDisposable {
  /** Fills the disk until this many bytes are free. */
  fill(freeBytes?: number): void;
  /** Removes the files that fill it. */
  empty(): void;
  freeBytes(): number;
}

/** Mounts a small file system as a workspace's `dir`. If none can be mounted, skips the test. */
async function mountSmallDisk(dir: string, skip: TestContext["skip"]): Promise<SmallDisk> {
  const disk = await mountDisk(dir, "size=8m", skip);
  const filler = `${dir}/filler`;
  const freeBytes = (): number => {
    const { bavail, bsize } = statfsSync(dir);
    return bavail * bsize;
  };
  return {
    freeBytes,
    fill(leaveBytes = 0) {
      rmSync(filler, { force: true });
      writeWhileThereIsRoom(filler, freeBytes() - leaveBytes);
    },
    empty: () => rmSync(filler, { force: true }),
    [Symbol.asyncDispose]: () => disk[Symbol.asyncDispose](),
  };
}

function writeWhileThereIsRoom(path: string, sizeBytes: number): void {
  const descriptor = openSync(path, "w");
  try {
    for (let left = sizeBytes; left > 0; ) left -= writeSync(descriptor, Buffer.alloc(Math.min(left, 4096)));
  } catch (error) {
    if (!hasCode(error, "ENOSPC")) throw error;
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Makes snapshots "one" to "four", each with one package more; "one" and then "two" were in production, "four" is
 * staged.
 */
async function fillMirror(workspace: Workspace): Promise<void> {
  for (const name of ["one", "two", "three", "four"]) {
    await addUpstream(workspace, name, 100_000);
    await workspace.arrange(["sync"]);
    await workspace.arrange(["snapshot", "create", "debian", name]);
  }
  for (const name of ["one", "two"]) await workspace.arrange(["snapshot", "publish", "debian", name]);
  await workspace.arrange(["snapshot", "stage", "debian", "four"]);
}

async function addUpstream({ upstream }: Workspace, name: string, sizeBytes: number): Promise<void> {
  upstream.suite("stable").addPackage(name, "1.0-1", { files: { "usr/share/data": randomBytes(sizeBytes) } });
  await upstream.publish();
}

const inProduction = async (workspace: Workspace): Promise<string | undefined> =>
  (await workspace.published("debian")).production?.target.split("/").at(-1);

/** Returns the names that `snapshot list` shows, sorted. */
async function listed(workspace: Workspace): Promise<readonly string[]> {
  const { stdout } = await workspace.run(["snapshot", "list", "--json"]);
  return (JSON.parse(stdout) as { readonly name: string }[]).map(({ name }) => name).toSorted();
}

function sizeOfPartials(workspace: Workspace): number {
  const directory = `${workspace.dir}/.mirrorctl/partial/debian`;
  return readdirSync(directory).reduce((sum, name) => sum + statSync(`${directory}/${name}`).size, 0);
}

const howToFreeSpace =
  'The disk is full. "mirrorctl snapshot prune" and "mirrorctl snapshot delete" free space';
const historyNotWritten = "WARN  the history could not be written: ";

test("a sync that does not fit is refused before it downloads anything", async ({ skip }) => {
  await using workspace = await createWorkspace({ mirrors: { debian: {} } });
  await using disk = await mountSmallDisk(workspace.dir, skip);
  await fillMirror(workspace);
  await addUpstream(workspace, "large", 4_000_000);
  disk.fill(2_000_000);
  expect(await logOfFailure(workspace, 1, ["sync"])).toMatch(
    /^ERROR debian needs 4\.\d MB more, and \S+ has \d\.\d MB free$/m,
  );

  // Indices are counted too, as soon as the Release says their sizes.
  const wordy = { fields: { Description: randomBytes(60_000).toString("hex") } };
  workspace.upstream.suite("stable").addPackage("wordy", "1.0-1", wordy);
  await workspace.upstream.publish();
  disk.fill(50_000);
  workspace.server.clearRequests();
  expect(await logOfFailure(workspace, 1, ["sync"])).toMatch(/^ERROR debian needs \d+\.\d kB more, and/m);
  const asked = workspace.server.requests.map(({ path }) => path.replace(/.*\//, ""));
  expect(asked).toEqual(["InRelease", "Release", "Release.gpg"]);
});

test("a sync whose disk is filled meanwhile fails, and continues once there is room", async ({ skip }) => {
  await using workspace = await createWorkspace({ mirrors: { debian: {} } });
  await using disk = await mountSmallDisk(workspace.dir, skip);
  await fillMirror(workspace);
  await addUpstream(workspace, "large", 3_000_000);
  const large = "/pool/main/l/large/large_1.0-1_amd64.deb";
  const stalled = workspace.server.fault({ path: large, stallAt: 2_000_000 });
  const before = await workspace.published("debian");
  await using sync = workspace.start(["sync"]);
  await stalled.reached;
  await until(() => sizeOfPartials(workspace) >= 2_000_000);
  disk.fill();
  stalled.release();
  const { exitCode, stderr } = await sync.ended;
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^ERROR ENOSPC: no space left on device, write '\S+\/partial\/debian\/\w+'$/m);
  expect(stderr).toContain(howToFreeSpace);
  expect(stderr).toContain("ERROR Sync failed for debian\n");
  expect(await workspace.published("debian")).toEqual(before);

  disk.empty();
  workspace.server.clearRequests();
  await workspace.run(["sync"]);
  const [resumed] = workspace.server.requests.filter(({ path }) => path === large);
  expect(resumed?.headers.range).toMatch(/^bytes=[1-9]\d{6,}-$/);
});

test("a promotion needs room to keep the old production; a rollback does not", async ({ skip }) => {
  await using workspace = await createWorkspace({ mirrors: { debian: {} } });
  await using disk = await mountSmallDisk(workspace.dir, skip);
  await fillMirror(workspace);
  disk.fill();
  expect(await logOfFailure(workspace, 1, ["snapshot", "promote", "debian"])).toContain("The disk is full.");
  const { stderr } = await workspace.run(["snapshot", "rollback", "debian"]);
  expect(stderr).toContain("WARN  debian: the disk is full, so that clients in the middle of an update");
  expect(await inProduction(workspace)).toBe("one");
});

test("without a free byte, reading, moving production and freeing space work", async ({ skip }) => {
  await using workspace = await createWorkspace({ publish: { grace: "0s" }, mirrors: { debian: {} } });
  await using disk = await mountSmallDisk(workspace.dir, skip);
  await fillMirror(workspace);
  disk.fill();
  expect(disk.freeBytes()).toBe(0);
  const look = async (): Promise<void> => {
    expect(await listed(workspace)).toEqual(["four", "one", "three", "two"]);
    expect((await workspace.run(["status"])).stdout).toMatch(/last sync .*done/);
    expect((await workspace.run(["history"])).stdout).toMatch(/debian +stage +done +- +four/);
    expect(disk.freeBytes()).toBe(0);
  };
  await look();

  const promoted = await workspace.run(["snapshot", "promote", "debian"]);
  expect(promoted.stderr).toContain(historyNotWritten);
  expect(await inProduction(workspace)).toBe("four");
  await look(); // although the attempt to write the history has left a file
  // The history ends before the promotion, and still names the previous production.
  await workspace.run(["snapshot", "rollback", "debian"]);
  expect(await inProduction(workspace)).toBe("two");
  expect(await nameInStaging(workspace)).toBe("four");
  await look();

  const kept = await workspace.run(["snapshot", "delete", "debian", "one"], { exitCode: 1 });
  expect(kept.stderr).toContain("is what a rollback would go back to");
  const deleted = await workspace.run(["snapshot", "delete", "debian", "one", "--force"]);
  expect(deleted.stderr).toContain("INFO  Snapshot deleted: one\n");
  expect(await listed(workspace)).toEqual(["four", "three", "two"]);
  disk.fill();
  expect(disk.freeBytes()).toBe(0);
  const pruned = await workspace.run(["snapshot", "prune", "--keep-last", "0"]);
  expect(pruned.stderr).toContain("INFO  Snapshot deleted: three\n");
  expect(await listed(workspace)).toEqual(["four", "two"]);
  expect(disk.freeBytes()).toBeGreaterThan(0);

  disk.fill(1_000_000); // and the history continues
  await workspace.run(["snapshot", "stage", "debian", "two"]);
  expect((await workspace.run(["history"])).stdout).toMatch(/debian +stage +done +four +two/);
});

test("a repair without room changes nothing, and one with room completes it", async ({ skip }) => {
  await using workspace = await createWorkspace({ mirrors: { debian: {} } });
  await using disk = await mountSmallDisk(workspace.dir, skip);
  await addUpstream(workspace, "one", 100_000);
  await workspace.arrange(["sync"]);
  const whole = await workspace.published("debian");
  const deb = `${workspace.dir}/debian/current/pool/main/o/one/one_1.0-1_amd64.deb`;
  const bytes = readFileSync(deb);
  writeFileSync(deb, bytes.subarray(0, -1));
  const repair = ["snapshot", "verify", "debian", "--repair"];
  disk.fill();
  expect(disk.freeBytes()).toBe(0);
  const log = await logOfFailure(workspace, 1, repair);
  expect(log).toMatch(
    /^ERROR \(working mirror\): not repaired: .*\n {6}ENOSPC: .*\n {6}The disk is full: free space/m,
  );
  disk.fill(1_000_000);
  await workspace.run(repair);
  expect(await workspace.published("debian")).toEqual(whole);
});
