/** Syncs with --files that are killed, and file systems that share blocks. */
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statfsSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { digestOf } from "../support/digests.ts";
import { createWorkspace, listFiles, readTree, type Workspace } from "../support/index.ts";
import { mountXfs } from "./xfs-disk.ts";

/** So many of this size that threads pay. */
const packages = 240;
const packageBytes = 400_000;

async function fill(workspace: Workspace): Promise<void> {
  const suite = workspace.upstream.suite("stable", { compressions: ["gz"], digests: ["SHA256"] });
  for (let number = 0; number < packages; number++)
    suite.addPackage(`p${number}`, "1.0-1", { files: { data: randomBytes(packageBytes) } });
  await workspace.upstream.publish();
}

/** What must not change of the other tree: with links, only the number of names does. */
async function factsOf(tree: string): Promise<readonly object[]> {
  return (await listFiles(tree)).map((path) => {
    const { ino, mode, size, mtimeMs, uid, gid } = lstatSync(join(tree, path));
    return { path, ino, mode, size, mtimeMs, uid, gid };
  });
}

/** Returns the digests of the objects, of which each has the bytes that its name says. */
function objectsOf({ dir }: Workspace): ReadonlySet<string> {
  const objects = join(dir, ".mirrorctl/objects/sha256");
  if (!existsSync(objects)) return new Set();
  const names = readdirSync(objects, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  for (const { parentPath, name } of names)
    expect(digestOf(readFileSync(join(parentPath, name)), "SHA256")).toBe(name);
  return new Set(names.map(({ name }) => name));
}

describe.each([
  ["copies", []],
  ["links", ["--link"]],
])("a sync that is killed while it makes %s", (_, flags) => {
  test("leaves no wrong object, and the next one takes the rest", async () => {
    await using workspace = await createWorkspace({ mirrors: { debian: {} } });
    await fill(workspace);
    const tree = workspace.join("old");
    cpSync(join(workspace.upstream.dir, "pool"), tree, { recursive: true, preserveTimestamps: true });
    const before = await factsOf(tree);
    const listed = [...(await readTree(tree)).values()];
    // Each thread counts its own calls.
    for (const nth of [3, 20, 70]) {
      const kill = ["strace", "-f", "-o", "/dev/null", "-e", "trace=link", "-e"];
      const inject = `inject=link:signal=SIGKILL:when=${nth}`;
      const through = (line: readonly string[]) => [...kill, inject, "--", ...line];
      await workspace.run(["sync", "--files", tree, ...flags], { exitCode: 137, through });
      objectsOf(workspace);
    }
    const held = objectsOf(workspace);
    const kept = listed.filter((digest) => held.has(digest)).length;
    expect(kept).toBeGreaterThan(0);
    workspace.server.clearRequests();
    const { stdout } = await workspace.run(["--json", "sync", "--files", tree, ...flags]);
    expect(JSON.parse(stdout)).toMatchObject([{ fetchedFiles: 0, reused: { files: packages - kept } }]);
    expect(workspace.server.requests.filter(({ path }) => path.includes("/pool/"))).toEqual([]);
    const { working } = await workspace.published("debian");
    expect([...(working?.files ?? [])].filter(([path]) => path.endsWith(".deb"))).toHaveLength(packages);
    expect(await factsOf(tree)).toEqual(before);
    expect(await workspace.leftovers()).toEqual([]);
  });
});

const ownerAndMode = (path: string): readonly number[] => {
  const { uid, gid, mode } = lstatSync(path);
  return [uid, gid, mode & 0o7777];
};

describe.runIf(process.getuid?.() === 0)("with links,", () => {
  /** Accounts of every Debian: nobody and daemon. */
  const [owner, other] = [65_534, 1];
  const deb = "pool/main/h/hello/hello_1.0-1_amd64.deb";

  async function openOwned(): Promise<{ readonly workspace: Workspace; readonly found: string }> {
    const workspace = await createWorkspace({ mirrors: { debian: {} } });
    workspace.upstream.suite("stable").addPackage("hello", "1.0-1");
    await workspace.upstream.publish();
    cpSync(workspace.upstream.dir, workspace.join("old"), { recursive: true });
    chmodSync(workspace.path, 0o755);
    mkdirSync(workspace.dir);
    const found = workspace.join("old", deb);
    chmodSync(found, 0o666);
    return { workspace, found };
  }

  test("root makes the files its own, and nobody else can write to them", async () => {
    const { workspace, found } = await openOwned();
    await using _ = workspace;
    chownSync(found, other, other);
    const { stderr } = await workspace.run(["sync", "--files", workspace.join("old"), "--link"]);
    expect(stderr).toContain("no other program may write there any longer");
    expect(ownerAndMode(found)).toEqual([0, 0, 0o644]);
    expect(statSync(`${workspace.dir}/debian/current/${deb}`).ino).toBe(lstatSync(found).ino);
  });

  test("files of another user are copied, and stay as they are", async () => {
    const { workspace, found } = await openOwned();
    await using _ = workspace;
    chownSync(workspace.dir, owner, owner);
    chownSync(found, other, other);
    const before = ownerAndMode(found);
    // Anyone may write to the file, so the kernel would link it.
    const args = ["--json", "sync", "--files", workspace.join("old"), "--link"];
    const { stdout, stderr } = await workspace.run(args, { userId: owner });
    expect(JSON.parse(stdout)).toMatchObject([{ reused: { ways: { linked: 0, copied: 1 } } }]);
    expect(stderr).toContain("1 file could not be linked and was copied");
    expect(ownerAndMode(found)).toEqual(before);
    expect(lstatSync(found).nlink).toBe(1);
  });

  test("a file that its tool writes over is found damaged, and a repair replaces it", async () => {
    const { workspace, found } = await openOwned();
    await using _ = workspace;
    await workspace.run(["sync", "--files", workspace.join("old"), "--link"]);
    const right = readFileSync(found);
    writeFileSync(found, Buffer.alloc(right.length, "x"), { flag: "r+" });
    const verify = ["snapshot", "verify", "debian", "--deep"];
    expect((await workspace.run(verify, { exitCode: 1 })).stderr).toContain(deb);
    await workspace.run([...verify, "--repair"]);
    expect(readFileSync(`${workspace.dir}/debian/current/${deb}`).equals(right)).toBe(true);
    expect(readFileSync(found).equals(right)).toBe(false);
  });
});

test("copies share blocks where the file system can, and change with nothing", async ({ skip }) => {
  await using workspace = await createWorkspace({ mirrors: { debian: {} } });
  await using disk = await mountXfs(workspace.join("disk"), skip);
  await fill(workspace);
  const tree = join(disk.top, "old");
  cpSync(join(workspace.upstream.dir, "pool"), tree, { recursive: true });
  mkdirSync(join(disk.top, "www"));
  const before = statfsSync(disk.top).bavail * statfsSync(disk.top).bsize;
  const env = { MIRRORCTL_DIR: join(disk.top, "www") };
  const { stdout } = await workspace.run(["--json", "sync", "--files", tree], { env });
  expect(JSON.parse(stdout)).toMatchObject([{ reused: { files: packages, ways: { cloned: packages } } }]);
  const after = statfsSync(disk.top).bavail * statfsSync(disk.top).bsize;
  expect(before - after).toBeLessThan((packages * packageBytes) / 4);
  expect(existsSync(join(disk.top, "www/debian/current"))).toBe(true);
});
