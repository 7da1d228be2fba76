/** Files that a sync, a promotion or a rollback keeps for clients of the earlier tree. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createWorkspace, listFiles, type Workspace } from "../support/index.ts";

const oldDeb = "pool/main/t/tool/tool_1.0-1_amd64.deb";
const newDeb = "pool/main/t/tool/tool_2.0-1_amd64.deb";

async function createSynced(config: object): Promise<Workspace> {
  const workspace = await createWorkspace({ ...config, mirrors: { debian: {} } });
  workspace.upstream.suite("stable").addPackage("tool", "1.0-1");
  await workspace.upstream.publish();
  await workspace.arrange(["sync"]);
  workspace.upstream.suite("stable").removePackage("tool").addPackage("tool", "2.0-1");
  await workspace.upstream.publish();
  return workspace;
}

const byHashIn = (files: readonly string[]): string[] => files.filter((path) => path.includes("/by-hash/"));

/** Moves the expiry of everything that generations carry into the past. */
function endGrace(workspace: Workspace): void {
  const directory = workspace.join("www/.mirrorctl/trees/debian/.carried");
  const [record, ...others] = readdirSync(directory).map((name) => `${directory}/${name}`);
  if (record === undefined || others.length > 0) throw new Error(`not one record: ${others.join(" ")}`);
  const text = readFileSync(record, "utf8");
  writeFileSync(record, text.replaceAll(/"until":"[^"]*"/g, `"until":"2026-01-01T00:00:00.000Z"`));
}

test("without snapshots, files of the previous sync stay until their time is over", async () => {
  await using workspace = await createSynced({});
  const current = workspace.join("www/debian/current");
  const before = await listFiles(current);
  await workspace.arrange(["sync"]);
  const both = await listFiles(current);
  expect(both).toEqual(expect.arrayContaining([newDeb, ...before]));

  await workspace.run(["sync"]);
  expect(await listFiles(current)).toEqual(both);
  endGrace(workspace);
  const { stderr } = await workspace.run(["sync"]);
  expect(stderr).toMatch(/INFO {2}Freed .* in \d+ files/);
  const after = await listFiles(current);
  expect(after).not.toContain(oldDeb);
  expect(byHashIn(after)).toHaveLength(byHashIn(before).length);
  expect(after.length).toBe(before.length);
});

test("a snapshot of the working mirror has no carried files", async () => {
  await using workspace = await createSynced({});
  await workspace.arrange(["sync"]);
  await workspace.run(["snapshot", "create", "debian", "frozen"]);
  const files = await listFiles(workspace.join("www/.snapshots/debian/frozen"));
  expect(files.filter((path) => path.startsWith("pool/"))).toEqual([newDeb]);
  expect(await listFiles(workspace.join("www/debian/.live"))).toContain(oldDeb);
});
