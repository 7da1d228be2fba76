/** Runs as several users: all files belong to the owner of `dir`, no matter who runs mirrorctl. */
import { chmodSync, chownSync, lstatSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createWorkspace, type Workspace } from "../support/index.ts";

const isRoot = process.getuid?.() === 0;
/** The account "nobody" of every Debian. */
const owner = 65_534;
/** The account "daemon". */
const stranger = 1;

/** A workspace whose `dir` belongs to `owner`. Only root may read the key, the passwords and the configuration. */
async function createOwnedWorkspace(): Promise<Workspace> {
  const workspace = await createWorkspace({
    snapshot: {},
    mirrors: { debian: { publish_to_staging: true } },
  });
  chmodSync(workspace.path, 0o755);
  mkdirSync(workspace.dir);
  chownSync(workspace.dir, owner, owner);
  await publishNext(workspace);
  return workspace;
}

let version = 0;

async function publishNext({ upstream }: Workspace): Promise<void> {
  upstream.suite("stable").addPackage(`tool-${version++}`, "1.0");
  await upstream.publish();
}

/** Returns every path at or below a directory that does not belong to `owner`. */
function ofOthers(directory: string): readonly string[] {
  const names = readdirSync(directory, { recursive: true, encoding: "utf8" });
  const paths = [directory, ...names.map((name) => join(directory, name))];
  return paths.filter((path) => lstatSync(path).uid !== owner);
}

/** One command of each verb that writes, in an order in which each has something to do. */
const writingVerbs: readonly (readonly string[])[] = [
  ["sync"],
  ["snapshot", "create", "debian", "by-hand"],
  ["snapshot", "stage", "debian", "by-hand"],
  ["snapshot", "promote", "debian"],
  ["snapshot", "create", "debian", "second", "--stage"],
  ["snapshot", "publish", "debian", "second"],
  ["snapshot", "rollback", "debian"],
  ["snapshot", "verify", "debian", "--deep", "--repair"],
  ["snapshot", "delete", "debian", "second", "--force"],
  ["snapshot", "prune", "debian", "--keep-last", "1"],
];

describe.runIf(isRoot)("on a `dir` of an unprivileged user", () => {
  test("each verb works as root, and its owner can change all files afterwards", async () => {
    await using workspace = await createOwnedWorkspace();
    writeFileSync(workspace.join("auth.conf"), "machine 127.0.0.1 login u password p\n", { mode: 0o600 });
    chmodSync(workspace.keyFile, 0o600);
    for (const verb of writingVerbs) {
      await workspace.run(verb, { env: { SUDO_USER: "ada" } });
      expect(ofOthers(workspace.dir)).toEqual([]);
    }
    const checked = await workspace.run(["check", "config"]);
    expect(checked.stdout).toContain("belongs to nobody: what root starts works as nobody");
    const { stdout } = await workspace.run(["history", "--json"]);
    const lines: readonly { readonly who: string }[] = JSON.parse(stdout);
    expect(new Set(lines.map(({ who }) => who))).toEqual(new Set(["ada"]));
  });

  test("the owner's own runs work after runs as root", async () => {
    await using workspace = await createOwnedWorkspace();
    await workspace.run(["sync"], { userId: owner });
    await publishNext(workspace);
    for (const verb of writingVerbs) await workspace.run(verb);
    await publishNext(workspace);
    for (const verb of writingVerbs) {
      const args = verb.map((word) => (word === "by-hand" ? "by-owner" : word));
      await workspace.run(args, { userId: owner });
    }
    expect(ofOthers(workspace.dir)).toEqual([]);
  });

  test("another user is refused at once, and changes nothing", async () => {
    await using workspace = await createOwnedWorkspace();
    await workspace.run(["sync"], { userId: owner });
    await workspace.run(["snapshot", "create", "debian", "by-hand"], { userId: owner });
    await workspace.run(["snapshot", "create", "debian", "second"], { userId: owner });
    const before = await workspace.everything();
    workspace.server.clearRequests();
    for (const verb of writingVerbs) {
      const { stderr } = await workspace.run(verb, { userId: stranger, exitCode: 1 });
      expect(stderr).toContain(`${workspace.dir} belongs to nobody, and this is daemon: nothing was changed`);
      expect(stderr).toContain("sudo -u nobody mirrorctl");
      expect(stderr).not.toContain("history");
    }
    expect(workspace.server.requests).toEqual([]);
    expect(await workspace.everything()).toEqual(before);
    const checked = await workspace.run(["check", "config"], { userId: stranger, exitCode: 2 });
    expect(checked.stdout).toContain("run mirrorctl as nobody");
    for (const verb of [["status"], ["snapshot", "list"]]) await workspace.run(verb, { userId: stranger });
  });

  test("a file of an earlier run as root is named, with its owner and the chown", async () => {
    await using workspace = await createOwnedWorkspace();
    await workspace.run(["sync"], { userId: owner });
    const objects = join(workspace.dir, ".mirrorctl/objects/sha256");
    for (const path of [objects, ...readdirSync(objects).map((name) => join(objects, name))])
      chownSync(path, 0, 0);
    await publishNext(workspace);
    const { stderr } = await workspace.run(["sync"], { userId: owner, exitCode: 1 });
    expect(stderr).toContain(`${objects} belongs to root, its directory to nobody.`);
    expect(stderr).toContain(`sudo chown -R nobody: ${objects}`);
  });

  test.each([
    [".mirrorctl/state/history.db", ["history"], 1, ".mirrorctl"],
    [".mirrorctl/state/debian.json", ["sync"], 1, ".mirrorctl"],
    [".mirrorctl/locks/debian.lock", ["sync"], 1, ".mirrorctl"],
    ["debian", ["sync"], 1, "debian"],
  ])(
    "names %s, which belongs to root, and the chown that repairs it",
    async (name, verb, exitCode, given) => {
      await using workspace = await createOwnedWorkspace();
      workspace.configure({ mirrors: { debian: {} } });
      await workspace.run(["sync"], { userId: owner });
      chownSync(join(workspace.dir, name), 0, 0);
      chmodSync(join(workspace.dir, name), name === "debian" ? 0o755 : 0o600);
      await publishNext(workspace);
      const { stderr } = await workspace.run(verb, { userId: owner, exitCode });
      expect(stderr).toContain(`${join(workspace.dir, name)} belongs to root`);
      expect(stderr).toMatch(/sudo chown -R (?:--from=root )?nobody: /);
      expect(stderr).toContain(`nobody: ${join(workspace.dir, given)}\n`);
      await workspace.run(["status"], { userId: owner });
    },
  );

  test("a history that belongs to root does not stop a sync, which names the chown", async () => {
    await using workspace = await createOwnedWorkspace();
    workspace.configure({ mirrors: { debian: {} } });
    await workspace.run(["sync"], { userId: owner });
    const history = join(workspace.dir, ".mirrorctl/state/history.db");
    chownSync(history, 0, 0);
    await publishNext(workspace);
    const { stderr } = await workspace.run(["sync"], { userId: owner });
    expect(stderr).toContain(`the history could not be written: unable to open the history ${history}`);
    expect(stderr).toContain(`sudo chown -R --from=root nobody: ${join(workspace.dir, ".mirrorctl")}`);
    const { stdout } = await workspace.run(["status"], { userId: owner });
    expect(stdout).toContain(`${history} belongs to root`);
  });

  test("the owner gets the name of a key that only root may read", async () => {
    await using workspace = await createOwnedWorkspace();
    chmodSync(workspace.keyFile, 0o600);
    const { stderr } = await workspace.run(["sync"], { userId: owner, exitCode: 1 });
    expect(stderr).toContain(`${workspace.keyFile} belongs to root, and this is nobody.`);
    const checked = await workspace.run(["check", "config"], { userId: owner, exitCode: 2 });
    expect(checked.stdout).toContain(`sudo chown nobody: ${workspace.keyFile}`);
  });

  test("root makes `dir` for the owner of its parent directory", async () => {
    await using workspace = await createOwnedWorkspace();
    const home = workspace.join("home");
    mkdirSync(home);
    chownSync(home, owner, owner);
    await workspace.run(["sync"], { env: { MIRRORCTL_DIR: join(home, "www/apt") } });
    expect(ofOthers(home)).toEqual([]);
  });

  test("an owner without an account has the group of `dir`, and a number for sudo", async () => {
    await using workspace = await createOwnedWorkspace();
    chownSync(workspace.dir, 4711, 4712);
    await workspace.run(["sync"]);
    const { uid, gid } = lstatSync(join(workspace.dir, ".mirrorctl"));
    expect([uid, gid]).toEqual([4711, 4712]);
    const { stderr } = await workspace.run(["sync"], { userId: stranger, exitCode: 1 });
    expect(stderr).toContain("sudo -u '#4711' mirrorctl");
  });

  test("a dry run as root needs no TMPDIR that the owner may use", async () => {
    await using workspace = await createOwnedWorkspace();
    const tempDir = workspace.join("tmp");
    mkdirSync(tempDir, { mode: 0o700 });
    await workspace.run(["sync", "--dry-run"], { env: { TMPDIR: tempDir } });
    expect(readdirSync(tempDir)).toEqual([]);
  });

  test("refuses snapshots in a directory that belongs to root, with the right command", async () => {
    await using workspace = await createOwnedWorkspace();
    const path = workspace.join("snapshots/apt");
    workspace.configure({ snapshot: { path }, mirrors: { debian: {} } });
    const { stderr } = await workspace.run(["sync"], { exitCode: 1 });
    expect(stderr).toContain(`sudo install -d -o nobody ${workspace.join("snapshots")}`);
  });
});
