/** Snapshots of what the real debmirror kept, and clients that install from one. */
import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { chmod, mkdir } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createAptClient, createWorkspace, listFiles, runProgram, type Workspace } from "../support/index.ts";
import { systemPath } from "../support/run-program.ts";

const suites = ["stable", "updates"];
/** debmirror ends with an error if one of these is missing. */
const likeDebian = { compressions: ["gz", "xz"], architectures: ["amd64", "all"] } as const;

/** Runs debmirror as its users do who keep each pull. */
async function pull(workspace: Workspace): Promise<string> {
  const tree = workspace.join("debmirror");
  const { server } = workspace;
  await mkdir(tree, { recursive: true });
  const options = {
    host: new URL(server.url).host,
    root: new URL(server.url).pathname,
    method: "http",
    dist: suites.join(","),
    section: "main",
    arch: "amd64",
    diff: "none",
    "rsync-extra": "none",
  };
  const args = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
  // Its own check of signatures is left out: it wants a keyring of gpgv, and says nothing about ours.
  const switches = ["--debmarshal", "--nosource", "--no-check-gpg", "--ignore-release-gpg"];
  const env = { PATH: systemPath, LC_ALL: "C", HOME: tree, GNUPGHOME: tree };
  const { exitCode, output } = await runProgram("debmirror", [...args, ...switches, tree], { env });
  if (exitCode !== 0) throw new Error(`debmirror: exit status ${exitCode}\n${output}`);
  return tree;
}

test("revisions that debmirror kept become snapshots, and a client installs from one", async () => {
  await using workspace = await createWorkspace({ snapshot: {}, mirrors: { debian: { suites } } });
  for (const name of suites) workspace.upstream.suite(name, likeDebian).addPackage(`${name}-tool`, "1.0-1");
  await workspace.upstream.publish();
  await pull(workspace);
  workspace.upstream.suite("updates").removePackage("updates-tool").addPackage("updates-tool", "2.0-1");
  await workspace.upstream.publish();
  const tree = await pull(workspace);
  expect(await listFiles(join(tree, "dists/stable"))).toEqual(
    expect.arrayContaining(["0/Release", "1/Release"]),
  );

  workspace.server.clearRequests();
  const { stdout } = await workspace.run(["snapshot", "import", "debian", tree, "--json"]);
  const outcomes = JSON.parse(stdout) as readonly { kind: string; from: string; name: string }[];
  const first = outcomes.find(({ from }) => from === `${tree}/dists/stable/0 and ${tree}/dists/updates/0`);
  expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(["imported", "imported", "there"]);
  expect(workspace.server.requests).toEqual([]);

  await workspace.run(["snapshot", "verify", "debian", "--deep"]);
  await workspace.run(["snapshot", "stage", "debian", first?.name ?? ""]);
  await workspace.run(["snapshot", "promote", "debian", "--reason", "as it was"]);
  const client = await createAptClient({
    dir: workspace.join("client"),
    sources: suites.map((suite) => `deb file:${workspace.dir}/debian/current ${suite} main`).join("\n"),
    keyrings: { "archive.asc": readFileSync(workspace.keyFile) },
  });
  expect((await client.update()).complaints).toEqual([]);
  const { output } = await client.simulateInstall(["updates-tool", "stable-tool"]);
  expect(output).toMatch(/^Inst updates-tool \(1\.0-1 /m);
  expect(output).toMatch(/^Inst stable-tool \(1\.0-1 /m);
});

test("a directory that cannot be looked into is named, and the others are imported", async () => {
  const isRoot = userInfo().uid === 0;
  await using workspace = await createWorkspace({ snapshot: {}, mirrors: { debian: {} } });
  workspace.upstream.suite("stable").addPackage("tool", "1.0-1");
  await workspace.upstream.publish();
  const past = workspace.join("past");
  for (const name of ["2025-10-01", "closed"])
    cpSync(workspace.upstream.dir, join(past, name), { recursive: true });
  mkdirSync(Buffer.from(join(past, "caf\xe9"), "latin1"));
  await chmod(join(past, "closed"), 0o000);
  await chmod(workspace.path, 0o777);
  const { stdout, stderr } = await workspace.run(["snapshot", "import", "debian", past], {
    ...(isRoot && { userId: 65_534 }),
  });
  expect(stdout).toMatch(/2025-10-01 +imported +2025-10-01/);
  const [, ...named] = stderr.slice(stderr.indexOf("2 directories cannot be read")).split("\n");
  expect(named.slice(0, 2).toSorted()).toEqual([
    expect.stringMatching(/\/past\/caf\ufffd: its name is not UTF-8; rename it$/),
    expect.stringMatching(/\/past\/closed: this user may not read it$/),
  ]);
});
