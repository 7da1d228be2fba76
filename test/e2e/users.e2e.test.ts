/** Runs as several users: what is written belongs to the owner of `dir`, whoever runs mirrorctl. */
import { chmodSync, chownSync, lstatSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createWorkspace, type Workspace } from "../support/index.ts";

const isRoot = process.getuid?.() === 0;
/** The account "nobody" of every Debian. */
const owner = 65_534;
/** The account "daemon". */
const stranger = 1;

/** A workspace whose `dir` belongs to `owner`. The key, the passwords and the configuration are root's alone. */
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

/** Every path below a directory that does not belong to `owner`, the directory included. */
function ofOthers(directory: string): readonly string[] {
  const names = readdirSync(directory, { recursive: true, encoding: "utf8" });
  const paths = [directory, ...names.map((name) => join(directory, name))];
  return paths.filter((path) => lstatSync(path).uid !== owner);
}

/** A command of each verb that writes; each finds what the ones before it left. */
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
  test("each verb works as root, and leaves nothing that its owner cannot change", async () => {
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

  test("the owner's own runs go on after runs as root", async () => {
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

  test("a file that an earlier run as root left is named, with its owner and the chown that gives it back", async () => {
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

  test("snapshots in a directory of root's are refused to the owner with what to type", async () => {
    await using workspace = await createOwnedWorkspace();
    const path = workspace.join("snapshots/apt");
    workspace.configure({ snapshot: { path }, mirrors: { debian: {} } });
    const { stderr } = await workspace.run(["sync"], { exitCode: 1 });
    expect(stderr).toContain(`sudo install -d -o nobody ${workspace.join("snapshots")}`);
  });
});
