/** Hundreds of missing files: people get ten lines and a count, programs get all of them. */
import { rmSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createWorkspace, type Workspace } from "../support/index.ts";

const count = 40;
const paths = Array.from({ length: count }, (_, index) => {
  const name = `tool${String(index).padStart(2, "0")}`;
  return `pool/main/t/${name}/${name}_1.0-1_amd64.deb`;
});
const more = /and 30 more(?: damaged)?, which --json lists/;

/** Makes an upstream with many packages; the mirror `debian` has all of them if `isSynced`. */
async function createUpstream({ isSynced }: { readonly isSynced: boolean }): Promise<Workspace> {
  const workspace = await createWorkspace({ snapshot: {}, mirrors: { debian: {} } });
  const suite = workspace.upstream.suite("stable");
  for (const path of paths) suite.addPackage(path.split("/")[3] ?? "", "1.0-1");
  await workspace.upstream.publish();
  if (isSynced) await workspace.arrange(["sync"]);
  for (const path of paths) workspace.upstream.remove(path);
  return workspace;
}

const shown = (text: string): readonly string[] => paths.filter((path) => text.includes(path));

function expectShortList(text: string): void {
  expect(shown(text)).toEqual(paths.slice(0, 10));
  expect(text).toMatch(more);
}

/** A line of the log as JSON has the text for people, and beside it all items for programs. */
function expectShortTextInJson(stderr: string): void {
  const lines = stderr
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { message?: string; below?: readonly string[] });
  expectShortList(lines.flatMap(({ message = "", below = [] }) => [message, ...below]).join("\n"));
}

describe.concurrent("files that upstream lists and does not have", () => {
  test("fail a sync with ten lines and a count, also in status", async () => {
    await using workspace = await createUpstream({ isSynced: false });
    expectShortList((await workspace.run(["sync", "--quiet"], { exitCode: 1 })).stderr);
    expectShortList((await workspace.run(["status", "--check"], { exitCode: 1 })).stdout);
    const { stderr, stdout } = await workspace.run(["sync", "--json"], { exitCode: 1 });
    expectShortTextInJson(stderr);
    expect(shown(stdout)).toEqual(paths);
    expect(shown((await workspace.run(["status", "--json"])).stdout)).toEqual(paths);
    expect((await workspace.run(["history"])).stdout).not.toContain(paths[0]);
  });

  test("are a warning of the same form with allow_missing", async () => {
    await using workspace = await createUpstream({ isSynced: false });
    workspace.configure({ mirrors: { debian: { allow_missing: true } } });
    const { stderr, stdout } = await workspace.run(["sync", "--json"]);
    expectShortTextInJson(stderr);
    expect(shown(stdout)).toEqual(paths);
  });
});

test("lost files of a snapshot are reported in the same way, also by a repair", async () => {
  await using workspace = await createUpstream({ isSynced: true });
  const [name = ""] = /\d{4}-\S+Z/.exec((await workspace.run(["snapshot", "list"])).stdout) ?? [];
  for (const path of paths) rmSync(workspace.join("www/.snapshots/debian", name, path));
  for (const others of ["objects", "trees"])
    rmSync(workspace.join("www/.mirrorctl", others), { recursive: true });
  const verify = ["snapshot", "verify", "debian", name];
  expectShortList((await workspace.run([...verify, "--quiet"], { exitCode: 1 })).stderr);
  const repaired = await workspace.run([...verify, "--repair", "--json"], { exitCode: 1 });
  expect(repaired.stderr).toContain(`and ${count - 10} more damaged, which --json lists`);
  expect(repaired.stderr).toContain(`and ${count - 10} more not repaired, which --json lists`);
  expect(shown(repaired.stdout)).toEqual(paths);
});
