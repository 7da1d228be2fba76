/**
 * The staging and production workflow as its document describes it, step by step: the document's configuration and
 * commands with other paths, URL and key, a real web server and a real client.
 */
import { lstatSync, readFileSync, readlinkSync, realpathSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { workflowExample } from "../../src/config/workflow-example.fixture.ts";
import { readCarried } from "../../src/snapshot/index.ts";
import {
  createWorkspace,
  type Nginx,
  readTree,
  runProgram,
  startNginx,
  type Workspace,
} from "../support/index.ts";
import { complaintsOfApt } from "./apt-use.ts";
import { until } from "./until.ts";

const snapshotName = /\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}Z/;

const linesOf = (text: string): string[] => text.trimEnd().split("\n");

/** Returns the names in the output of `ls -la`, without hidden ones. */
const namesIn = (listing: string): readonly string[] =>
  linesOf(listing)
    .slice(1)
    .map((line) => line.split(/\s+/)[8] ?? line)
    .filter((name) => !name.startsWith("."));

/** Returns the first name of a snapshot in a log. */
const nameIn = (log: string): string => snapshotName.exec(log)?.[0] ?? `no name in: ${log}`;

const utcNow = (): string => new Date().toISOString();

/** Waits, because names have the resolution of a second: other content in the same second would be refused. */
const secondAfter = (name: string): Promise<void> =>
  until(() => `${utcNow().slice(0, 19).replaceAll(":", "-")}Z` > name);

/** Returns the document's configuration with the paths, URL and key of a workspace. */
async function writeDocumentedConfig(workspace: Workspace, edit: (text: string) => string): Promise<void> {
  const text = workflowExample
    .replace("/var/www/apt/", `${workspace.dir}/`)
    .replace("/var/lib/mirrorctl/snapshots", workspace.join("snapshots"))
    .replace("https://archive.ubuntu.com/ubuntu/", `${workspace.server.url}/`);
  await writeFile(workspace.configFile, edit(`${text}pgp_key_path = "${workspace.keyFile}"\n`));
}

async function createDocumentedWorkspace(edit = (text: string): string => text): Promise<Workspace> {
  const workspace = await createWorkspace({});
  workspace.upstream.suite("noble").addPackage("some-package", "1.0-1", { depends: "libsome" });
  workspace.upstream.suite("noble").addPackage("libsome", "1.0-1");
  await workspace.upstream.publish();
  await writeDocumentedConfig(workspace, edit);
  return workspace;
}

describe("the workflow with publish_to_staging", () => {
  let workspace: Workspace;
  let nginx: Nginx;
  let first: string;
  let second: string;

  beforeAll(async () => {
    workspace = await createDocumentedWorkspace();
    nginx = await startNginx({ root: workspace.dir });
  });
  afterAll(async () => {
    await nginx.stop();
    await workspace[Symbol.asyncDispose]();
  });

  const mirrorDir = (...path: readonly string[]): string => workspace.join("www", "ubuntu-noble", ...path);
  const snapshotDir = (name: string): string => workspace.join("snapshots", "ubuntu-noble", name);
  const linkTo = (link: string): string => readlinkSync(mirrorDir(link));
  const get = async (path: string): Promise<Buffer> => {
    const response = await fetch(`${nginx.url}/ubuntu-noble/${path}`);
    if (!response.ok) throw new Error(`${response.url}: ${response.status}`);
    return Buffer.from(await response.arrayBuffer());
  };
  const useWithApt = (link: string): Promise<readonly string[]> =>
    complaintsOfApt({
      dir: workspace.join(`client-${link}-${performance.now()}`),
      sources: `deb ${nginx.url}/ubuntu-noble/${link} noble main`,
      keyrings: { "archive.asc": workspace.key.publicKeyArmored },
      install: ["some-package"],
    });

  test("sync prints the documented lines in order, and production does not move", async () => {
    const { stdout, stderr } = await workspace.run(["sync", "ubuntu-noble"]);
    first = nameIn(stderr);
    expect(stdout).toBe("");
    expect(linesOf(stderr)).toEqual([
      "INFO  Starting sync for mirror: ubuntu-noble",
      "INFO  Downloading Release file",
      `INFO  PGP signature valid - signed by key 0x${workspace.key.keyId}`,
      expect.stringMatching(/^INFO {2}Downloading 2 files \(\d/),
      "INFO  Sync completed successfully for ubuntu-noble",
      `INFO  Creating snapshot: ${first}`,
      "INFO  Snapshot created successfully",
      "INFO  Publishing snapshot to staging",
      `INFO  Staging updated: ubuntu-noble -> ${first}`,
      expect.stringMatching(
        /^INFO {2}Sync of 1 mirror ended after \d+s: 1 synced; 2 files \(\d.* downloaded$/,
      ),
      "INFO  Next: mirrorctl snapshot promote ubuntu-noble",
    ]);
    expect(lstatSync(mirrorDir("current"), { throwIfNoEntry: false })).toBeUndefined();
  });

  test("ls shows staging as an absolute link to a complete snapshot", async () => {
    const { output } = await runProgram("ls", ["-la", mirrorDir()]);
    expect(output).toMatch(new RegExp(`^lrwxrwxrwx.* staging -> ${snapshotDir(first)}$`, "m"));
    expect(namesIn(output)).toEqual(["staging"]);
    expect(await readTree(mirrorDir("staging"))).toEqual(await readTree(workspace.upstream.dir));
  });

  test("Release and Packages.gz are served, with the expected number of packages", async () => {
    const release = await get("staging/dists/noble/Release");
    expect(release).toEqual(readFileSync(workspace.upstream.path("dists/noble/Release")));
    const packages = gunzipSync(await get("staging/dists/noble/main/binary-amd64/Packages.gz")).toString();
    expect(packages.match(/^Package:/gm)).toHaveLength(2);
  });

  test("gpg --verify accepts Release.gpg of staging", async () => {
    const home = workspace.join("gnupg");
    const gpg = (...args: readonly string[]) =>
      runProgram("gpg", ["--batch", "--homedir", home, "--no-autostart", ...args]);
    await runProgram("mkdir", ["-m", "0700", home]);
    await gpg("--import", workspace.keyFile);
    const release = mirrorDir("staging/dists/noble/Release");
    const { exitCode, output } = await gpg("--verify", `${release}.gpg`, release);
    expect(output).toContain("Good signature");
    expect(exitCode).toBe(0);
  });

  test("apt updates from staging, downloads and installs without a complaint", async () => {
    expect(await useWithApt("staging")).toEqual([]);
  });

  test("promote prints the documented lines, and both links lead to the snapshot", async () => {
    const { stderr } = await workspace.run(["snapshot", "promote", "ubuntu-noble"]);
    const staged = new RegExp(`^INFO {2}Snapshot ${first} of ubuntu-noble was staged on .* UTC by `);
    expect(linesOf(stderr)).toEqual([
      expect.stringMatching(staged),
      "INFO  Promoting staging snapshot to production for ubuntu-noble",
      `INFO  Production updated: ubuntu-noble -> ${first}`,
      "INFO  Next: mirrorctl client-config ubuntu-noble",
    ]);
    const { output } = await runProgram("ls", ["-la", mirrorDir()]);
    expect(output).toMatch(new RegExp(`^lrwxrwxrwx.* staging -> ${snapshotDir(first)}$`, "m"));
    expect(output).toMatch(new RegExp(`^lrwxrwxrwx.* current -> ${snapshotDir(first)}$`, "m"));
    expect(namesIn(output)).toEqual(["current", "staging"]);
  });

  test("apt uses production without a complaint", async () => {
    expect(await useWithApt("current")).toEqual([]);
  });

  test("the next sync stages new content and does not move production", async () => {
    workspace.upstream.suite("noble").addPackage("newcomer", "1.0-1");
    await workspace.upstream.publish();
    const production = (await workspace.published("ubuntu-noble")).production;
    await secondAfter(first);
    second = nameIn((await workspace.run(["sync", "ubuntu-noble"])).stderr);
    expect(linkTo("staging")).toBe(snapshotDir(second));
    expect((await workspace.published("ubuntu-noble")).production).toEqual(production);
    expect(await useWithApt("staging")).toEqual([]);
    expect(await useWithApt("current")).toEqual([]);
  });

  test("snapshot list shows newest first, and which are staged and in production", async () => {
    const { stdout } = await workspace.run(["snapshot", "list", "ubuntu-noble"]);
    const [head = "", ...rows] = linesOf(stdout);
    expect(head).toMatch(/^MIRROR +SNAPSHOT NAME +CREATED +SIZE +STATUS$/);
    expect(rows.map((row) => row.replaceAll(/ {2,}/g, "|"))).toEqual([
      expect.stringMatching(new RegExp(`^ubuntu-noble\\|${second}\\|.*\\|staging$`)),
      expect.stringMatching(new RegExp(`^ubuntu-noble\\|${first}\\|.*\\|production$`)),
    ]);
  });

  test("publishing the previous snapshot rolls a bad one back", async () => {
    await workspace.run(["snapshot", "promote", "ubuntu-noble"]);
    expect(linkTo("current")).toBe(snapshotDir(second));
    const { stderr } = await workspace.run(["snapshot", "publish", "ubuntu-noble", first]);
    expect(linesOf(stderr).at(-1)).toBe(`INFO  Production updated: ubuntu-noble -> ${first}`);
    expect(linkTo("current")).toBe(snapshotDir(first));
    expect(linkTo("staging")).toBe(snapshotDir(second));
    expect(await useWithApt("current")).toEqual([]);
    expect(await nginx.errorLog()).toBe("");
  });
});

test.concurrent("with publish_to_staging = false, a snapshot is staged by name, then promoted", async () => {
  await using workspace = await createDocumentedWorkspace((text) =>
    text.replace("publish_to_staging = true ", "publish_to_staging = false "),
  );
  const sync = await workspace.run(["sync", "ubuntu-noble"]);
  const name = nameIn(sync.stderr);
  expect(linesOf(sync.stderr).slice(-3)).toEqual([
    "INFO  Snapshot created successfully",
    expect.stringContaining("INFO  Sync of 1 mirror ended"),
    `INFO  Next: mirrorctl snapshot stage ubuntu-noble ${name}`,
  ]);
  expect((await workspace.published("ubuntu-noble")).staging).toBeUndefined();

  expect((await workspace.run(["snapshot", "list", "ubuntu-noble"])).stdout).toContain(name);
  const staged = await workspace.run(["snapshot", "stage", "ubuntu-noble", name]);
  expect(linesOf(staged.stderr)).toEqual([
    "INFO  Publishing snapshot to staging",
    `INFO  Staging updated: ubuntu-noble -> ${name}`,
  ]);
  await workspace.run(["snapshot", "promote", "ubuntu-noble"]);
  const { staging, production } = await workspace.published("ubuntu-noble");
  expect(production).toEqual(staging);
  expect(production?.target).toBe(workspace.join("snapshots/ubuntu-noble", name));
});

test.concurrent("publish skips staging and says so", async () => {
  await using workspace = await createDocumentedWorkspace((text) =>
    text.replace(/^publish_to_staging.*\n/m, ""),
  );
  const name = nameIn((await workspace.run(["sync", "ubuntu-noble"])).stderr);
  const { stderr } = await workspace.run(["snapshot", "publish", "ubuntu-noble", name]);
  expect(linesOf(stderr)).toEqual([
    `WARN  Publishing snapshot ${name} directly to production for ubuntu-noble: staging and gates are bypassed`,
    `INFO  Production updated: ubuntu-noble -> ${name}`,
  ]);
  const { staging, production } = await workspace.published("ubuntu-noble");
  expect(staging).toBeUndefined();
  expect(production?.target).toBe(workspace.join("snapshots/ubuntu-noble", name));
});

test.concurrent("with names of a day, later snapshots get numbers, or replace it with --force", async () => {
  await using workspace = await createDocumentedWorkspace((text) =>
    text.replace("2006-01-02T15-04-05Z", "2006-01-02"),
  );
  await until(() => !utcNow().includes("T23:59")); // all on one day
  const publish = async (name: string): Promise<string> => {
    workspace.upstream.suite("noble").addPackage(name, "1.0-1");
    await workspace.upstream.publish();
    return `pool/main/${name[0]}/${name}/${name}_1.0-1_amd64.deb`;
  };
  const first = await workspace.run(["sync", "ubuntu-noble"]);
  const today = utcNow().slice(0, 10);
  expect(first.stderr).toContain(`INFO  Creating snapshot: ${today}\n`);
  const before = await workspace.published("ubuntu-noble");

  const newDeb = await publish("newcomer");
  await workspace.run(["sync", "ubuntu-noble", "--force"]);
  const { staging, working } = await workspace.published("ubuntu-noble");
  expect(staging?.target).toBe(before.staging?.target);
  const carried = readCarried(realpathSync(workspace.join("www/ubuntu-noble/.live")));
  const own = [...(working?.files ?? [])].filter(([path]) => !carried.has(path));
  expect(new Map(own)).toEqual(staging?.files);
  expect(staging?.files.has(newDeb)).toBe(true);

  await workspace.run(["snapshot", "promote", "ubuntu-noble"]);
  const { production } = await workspace.published("ubuntu-noble");
  await publish("second");
  const { stderr } = await workspace.run(["sync", "ubuntu-noble"]);
  expect(stderr).toContain(
    `INFO  The name ${today} was used for other contents: this snapshot is ${today}-2\nINFO  Creating snapshot: ${today}-2\n`,
  );
  expect(stderr).toContain(`INFO  Staging updated: ubuntu-noble -> ${today}-2\n`);
  const thirdDeb = await publish("third");
  const forced = await workspace.run(["sync", "ubuntu-noble", "--force"]);
  expect(forced.stderr).toContain(
    `INFO  Snapshot ${today} is in production and is not replaced: this snapshot is ${today}-3\n`,
  );
  const after = await workspace.published("ubuntu-noble");
  expect(after.staging?.target).toMatch(new RegExp(`/${today}-3$`));
  expect(after.staging?.files.has(thirdDeb)).toBe(true);
  expect(after.production).toEqual(production);

  await publish("fourth");
  await workspace.run(["sync", "ubuntu-noble"]);
  const given = ["snapshot", "create", "ubuntu-noble", `${today}-2`];
  const refused = await workspace.run(given, { exitCode: 1 });
  expect(refused.stderr).toContain(`ERROR ubuntu-noble has a snapshot ${today}-2 already`);
  expect(refused.stderr).toContain("replace it with --force");
});
