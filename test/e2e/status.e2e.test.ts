/** What `status` shows: what needs a person, running syncs, and leftovers. */
import { readFileSync, writeFileSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  createWorkspace,
  listFiles,
  type MirrorSettings,
  runProgram,
  type Workspace,
} from "../support/index.ts";

const helloDeb = "pool/main/h/hello/hello_1.0-1_amd64.deb";
const newDeb = "/pool/main/n/newcomer/newcomer_1.0-1_amd64.deb";

/** Makes synced mirrors of one suite with one package. */
async function createMirrors(mirrors: Readonly<Record<string, MirrorSettings>>): Promise<Workspace> {
  const workspace = await createWorkspace({ max_conns: 1, snapshot: {}, mirrors });
  workspace.upstream.suite("stable").addPackage("hello", "1.0-1");
  await workspace.upstream.publish();
  await workspace.arrange(["sync"]);
  return workspace;
}

const createStaged = (): Promise<Workspace> => createMirrors({ debian: { publish_to_staging: true } });

interface Status {
  readonly running: Readonly<Record<string, unknown>>;
  readonly concerns: readonly { readonly kind: string; readonly message: string }[];
}

async function statusOf(workspace: Workspace): Promise<Status> {
  const [status] = JSON.parse((await workspace.run(["status", "--json"])).stdout) as readonly Status[];
  if (status === undefined) throw new Error("no mirror has a status");
  return status;
}

/** Returns the attentions; checks that `status --check` fails exactly if there are any. */
async function attentions(workspace: Workspace): Promise<readonly string[]> {
  const { concerns } = await statusOf(workspace);
  await workspace.run(["status", "--check"], { exitCode: concerns.length > 0 ? 1 : 0 });
  return concerns.map(({ message }) => message);
}

describe.concurrent("status --check fails", () => {
  test("from finding damage to its repair, and promote refuses meanwhile", async () => {
    await using workspace = await createStaged();
    expect(await attentions(workspace)).toEqual([]);
    const file = join(workspace.dir, "debian/staging", helloDeb);
    const bytes = readFileSync(file);
    bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 1, bytes.length >> 1);
    writeFileSync(file, bytes);
    await workspace.run(["snapshot", "verify", "debian", "--deep"], { exitCode: 1 });
    expect(await attentions(workspace)).toEqual([
      expect.stringMatching(/^the working mirror is damaged: 1 file \(pool\/\S+\), found on .* by /),
      expect.stringMatching(/^\S+, which is in staging, is damaged: 1 file \(pool\/\S+\), found on .* by /),
    ]);
    const { stderr } = await workspace.run(["snapshot", "promote", "debian"], { exitCode: 3 });
    expect(stderr).toContain(" is damaged: 1 file ");
    await workspace.run(["snapshot", "verify", "debian", "--deep", "--repair"]);
    expect(await attentions(workspace)).toEqual([]);
    await workspace.run(["snapshot", "promote", "debian"]);
  });

  test("from the forced deletion of production until it leads somewhere again", async () => {
    await using workspace = await createStaged();
    await workspace.arrange(["snapshot", "create", "debian", "one"]);
    await workspace.arrange(["snapshot", "publish", "debian", "one"]);
    await workspace.run(["snapshot", "delete", "debian", "one"], { exitCode: 1 });
    expect(await attentions(workspace)).toEqual([]);
    await workspace.run(["snapshot", "delete", "debian", "one", "--force"]);
    const deleted = expect.stringMatching(
      /^production leads nowhere: \S+ deleted one with --force on \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\n/,
    );
    expect(await attentions(workspace)).toEqual([deleted]);
    await workspace.run(["sync"]);
    expect(await attentions(workspace)).toEqual([deleted]);
    await workspace.run(["snapshot", "promote", "debian"]);
    expect(await attentions(workspace)).toEqual([]);
  });
});

describe.concurrent("status", () => {
  test("names a running sync without disturbing it, and does not show a killed one", async () => {
    await using workspace = await createStaged();
    expect((await statusOf(workspace)).running).toEqual({ kind: "none" });
    const stall = workspace.server.fault({ path: newDeb, stallAt: 0 });
    workspace.upstream.suite("stable").addPackage("newcomer", "1.0-1");
    await workspace.upstream.publish();
    await using running = workspace.start(["sync"]);
    await stall.reached;
    const who = userInfo().username;
    expect((await statusOf(workspace)).running).toMatchObject({
      kind: "running",
      verb: "sync",
      by: who,
      process: expect.any(Number),
      since: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
    const { stdout } = await workspace.run(["status"]);
    expect(stdout).toMatch(
      new RegExp(`^ {2}running {5}sync since \\S+ \\S+ UTC \\(\\S+\\), by ${who}, process \\d+$`, "m"),
    );
    await workspace.run(["sync"], { exitCode: 4 }); // it still has its lock
    running.kill("SIGKILL");
    await running.ended;
    expect((await statusOf(workspace)).running).toEqual({ kind: "none" });
    stall.disarm();
    await workspace.run(["sync"]);
  });

  test("needs no write permission, and says what this user cannot see", async () => {
    await using workspace = await createStaged();
    await chmod(workspace.path, 0o755);
    const options = userInfo().uid === 0 ? { userId: 65_534 } : {};
    const state = ["state", "locks"].map((name) => join(workspace.dir, ".mirrorctl", name));
    for (const path of userInfo().uid === 0 ? [] : state) await chmod(path, 0o000);
    const before = await workspace.everything();
    const { stdout, stderr } = await workspace.run(["status", "--check"], { ...options, exitCode: 1 });
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^ {2}running {5}unknown: EACCES/m);
    expect(stdout).toMatch(/^ {2}last sync {3}unknown \(history not readable by this user\)/m);
    expect(stdout).toMatch(/^ {2}staging {5}\d{4}-\S+ \(made /m);
    expect(stdout).toMatch(/^ {14}Release dates \(UTC\): stable \d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/m);
    for (const path of userInfo().uid === 0 ? [] : state) await chmod(path, 0o700);
    expect(await workspace.everything()).toEqual(before);
  });

  test("shows the size of a mirror without snapshots, and unconfigured mirrors", async () => {
    await using workspace = await createMirrors({ debian: {}, former: {} });
    workspace.configure({ mirrors: { debian: {} } });
    await workspace.arrange(["sync", "debian"]);
    const { stdout } = await workspace.run(["status", "--check"]);
    expect(stdout).toMatch(/^ {2}production {2}\(working mirror\) \(\d+\.\d kB\)$/m);
    const [root, snapshots, trees] = ["former", ".snapshots/former", ".mirrorctl/trees/former"].map((path) =>
      join(workspace.dir, path),
    );
    expect(stdout).toContain("\nformer (not in the configuration)\n  on disk     at least ");
    const [, command = ""] = /^ {2}remove {6}rm -r (.*)$/m.exec(stdout) ?? [];
    const named = command.split(" ");
    expect(named).toEqual(expect.arrayContaining([root, snapshots, trees]));
    await runProgram("sh", ["-euc", `rm -r ${command}`]);
    expect((await listFiles(workspace.dir)).filter((path) => path.includes("former"))).toEqual([]);
    expect((await workspace.run(["status"])).stdout).not.toContain("former");
    expect((await workspace.run(["status", "debian"])).stdout).not.toContain("former");
  });
});
