import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { createTestbed, type Testbed } from "../../test/support/index.ts";
import { runCommand } from "../../test/support/run-command.ts";

const deb = "pool/main/h/hello/hello_1.0_amd64.deb";

interface Opened {
  readonly bed: Testbed;
  readonly config: string;
  /** Imports a command line of debmirror, and then syncs with its tree. */
  readonly run: (settings?: {
    readonly global?: readonly string[];
    readonly words?: readonly string[];
  }) => ReturnType<typeof runCommand>;
}

/** An upstream, and a copy of it as debmirror has one. */
async function openWithTree(): Promise<Opened> {
  const bed = await createTestbed({});
  onTestFinished(() => bed[Symbol.asyncDispose]());
  bed.upstream.suite("stable").addPackage("hello", "1.0");
  await bed.upstream.publish();
  cpSync(bed.upstream.dir, bed.join("debmirror"), { recursive: true });
  bed.server.clearRequests();
  const config = bed.join("new.toml");
  const host = new URL(bed.server.url).host;
  const command = [
    `--host=${host}`,
    "--root=/",
    "--dist=stable",
    "--section=main",
    "--arch=amd64",
    "--nosource",
  ];
  return {
    bed,
    config,
    run: ({ global = [], words = [] } = {}) => {
      const tree = bed.join("debmirror");
      const imported = [...command, "--method=http", `--keyring=${bed.keyFile}`, ...words, tree];
      const args = ["import", "debmirror", "--write", config, "--files", tree, "--", ...imported];
      return runCommand([...global, ...args], { env: { MIRRORCTL_DIR: bed.dir, PATH: "/usr/bin:/bin" } });
    },
  };
}

const isOfPool = ({ path }: { readonly path: string }): boolean => path.includes("/pool/");

test("syncs the imported mirrors, and downloads nothing that the other tool has", async () => {
  const { bed, config, run } = await openWithTree();
  const { status, stdout, stderr } = await run();
  expect({ status, stderr }).toMatchObject({ status: 0, stderr: expect.stringContaining("Reused 1 file ") });
  expect(stdout).toContain(
    `repeat it with: mirrorctl --config ${config} sync --files ${bed.join("debmirror")}`,
  );
  const [id] = /(?<=\[mirrors\.)[^\]]+/.exec(readFileSync(config, "utf8")) ?? [];
  expect(readFileSync(`${bed.dir}/${id}/.live/${deb}`)).toEqual(readFileSync(bed.upstream.path(deb)));
  expect(bed.server.requests.filter(isOfPool)).toEqual([]);
});

test("answers in one value of JSON", async () => {
  const { run } = await openWithTree();
  const { stdout } = await run({ global: ["--json"] });
  expect(JSON.parse(stdout)).toMatchObject({ synced: [{ kind: "synced", reused: { files: 1 } }] });
});

test("syncs nothing while a person must decide, and says how to go on", async () => {
  const { bed, config, run } = await openWithTree();
  const { status, stdout } = await run({ words: ["--exclude=/games/"] });
  expect(status).toBe(3);
  expect(stdout).toContain(`Then: mirrorctl --config ${config} sync --files`);
  expect(existsSync(bed.dir)).toBe(false);
  expect(bed.server.requests).toEqual([]);
});

test("writes nothing if a directory cannot be used", async () => {
  const { bed, config } = await openWithTree();
  const list = bed.join("mirror.list");
  writeFileSync(list, "deb http://deb.example.org/debian bookworm main\n");
  const args = [
    "import",
    "apt-mirror",
    list,
    "--write",
    config,
    "--files",
    bed.join("debmirror"),
    bed.join("gone"),
  ];
  const { status, stdout, stderr } = await runCommand(args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toContain("there is no such directory");
  expect(existsSync(config)).toBe(false);
});

test.each([
  [["--files", "/srv"], "--files needs --write <file>"],
  [["--write", ""], "expected a file"],
  [["--write", "/tmp/never.toml", "--link"], "--link needs --files <dir...>"],
])("refuses %j", async (flags, message) => {
  const { bed } = await openWithTree();
  const list = bed.join("mirror.list");
  writeFileSync(list, "deb http://deb.example.org/debian bookworm main\n");
  const { status, stderr } = await runCommand(["import", "apt-mirror", list, ...flags]);
  expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringContaining(message) });
  expect(existsSync("/tmp/never.toml")).toBe(false);
});
