/** Runs the commands of docs/on-disk.md that rename a mirror, and that remove one for good. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createWorkspace, executable, listFiles, runProgram, type Workspace } from "../support/index.ts";

const page = readFileSync(new URL("../../docs/on-disk.md", import.meta.url), "utf8");

/** Returns the first block of commands below a heading. */
function commandsBelow(heading: string): string {
  const block = page.split(`\n## ${heading}\n`)[1]?.split("```sh\n")[1]?.split("```")[0];
  if (block === undefined) throw new Error(`docs/on-disk.md has no commands below "${heading}"`);
  return block;
}

/** Runs commands of the page with the paths and names of a workspace. */
async function runDocumented(workspace: Workspace, commands: string, snapshot = ""): Promise<void> {
  const script = commands
    .replace("/var/www/apt", workspace.dir)
    .replaceAll(/^mirrorctl /gm, `'${executable}' --config '${workspace.configFile}' `)
    .replace(/\bNAME\b/, snapshot);
  const { exitCode, output } = await runProgram("bash", ["-eu", "-c", script]);
  expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
}

async function createPromoted(): Promise<{ workspace: Workspace; snapshot: string }> {
  const workspace = await createWorkspace({
    snapshot: {},
    mirrors: { noble: { publish_to_staging: true }, other: {} },
  });
  workspace.upstream.suite("stable").addPackage("hello", "1.0");
  await workspace.upstream.publish();
  await workspace.run(["sync"]);
  await workspace.run(["snapshot", "promote", "noble"]);
  const target = (await workspace.published("noble")).production?.target ?? "";
  return { workspace, snapshot: target.split("/").at(-1) ?? "" };
}

test("a mirror is renamed without a download, and keeps its snapshots", async () => {
  const { workspace, snapshot } = await createPromoted();
  await using _ = workspace;
  const before = await workspace.published("noble");
  workspace.configure({
    snapshot: {},
    mirrors: { "ubuntu-noble": { publish_to_staging: true }, other: {} },
  });
  workspace.server.clearRequests();
  await runDocumented(workspace, commandsBelow("Rename a mirror"), snapshot);
  expect(workspace.server.requests.filter(({ path }) => path.startsWith("/pool/"))).toEqual([]);
  expect((await workspace.published("ubuntu-noble")).production?.files).toEqual(before.production?.files);
  expect(await workspace.published("noble")).toEqual({});
  const { stdout } = await workspace.run(["snapshot", "verify", "ubuntu-noble", "--deep", "--json"]);
  expect(stdout).not.toContain('"missing"');
});

test("a mirror that is removed for good leaves only its lines in the history", async () => {
  const { workspace } = await createPromoted();
  await using _ = workspace;
  workspace.configure({ snapshot: {}, mirrors: { other: {} } });
  const others = await workspace.published("other");
  await runDocumented(workspace, commandsBelow("Remove a mirror for good"));
  expect((await listFiles(workspace.dir)).filter((path) => path.includes("noble"))).toEqual([]);
  expect(await workspace.published("other")).toEqual(others);
  const { stdout } = await workspace.run(["history", "noble", "--production"]);
  expect(stdout).toMatch(/ noble +promote +done /);
});
