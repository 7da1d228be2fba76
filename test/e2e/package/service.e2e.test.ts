/** The units of systemd, and mirrorctl with what systemd gives to a service. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, type TestContext, test } from "vitest";
import { executable } from "../../support/executable.ts";
import { createWorkspace, runProgram, temporaryDirectory, type Workspace } from "../../support/index.ts";
import { openApp } from "../../support/open-app.ts";
import { canMount } from "./debian-root.ts";

const unitDirectory = join(import.meta.dirname, "../../../packaging/systemd");
const units = readdirSync(unitDirectory).filter((name) => /\.(service|timer)$/.test(name));

describe("systemd-analyze", () => {
  test("finds no fault in the units", async () => {
    await using directory = await temporaryDirectory("mirrorctl-units-");
    for (const name of units) {
      const text = readFileSync(join(unitDirectory, name), "utf8");
      writeFileSync(directory.join(name), text.replaceAll("/usr/bin/mirrorctl", executable)); // it is not installed
    }
    const paths = units.map((name) => directory.join(name));
    expect(paths).toHaveLength(4);
    expect(await runProgram("systemd-analyze", ["verify", "--man=no", ...paths])).toMatchObject({
      exitCode: 0,
      output: "",
    });
  });

  test("rates the exposure of the services at 1.5 or less", async () => {
    for (const name of units.filter((unit) => unit.endsWith(".service"))) {
      const args = ["security", "--offline=true", "--threshold=15", "--no-pager", join(unitDirectory, name)];
      expect(await runProgram("systemd-analyze", args)).toMatchObject({ exitCode: 0 });
    }
  });
});

async function createMirror(): Promise<Workspace> {
  const workspace = await createWorkspace({ snapshot: {}, mirrors: { debian: {} } });
  workspace.upstream.suite("stable").addPackage("hello", "1.0-1");
  await workspace.upstream.publish();
  return workspace;
}

const withShell =
  (script: string) =>
  (commandLine: readonly string[]): readonly string[] => ["sh", "-euc", script, "sh", ...commandLine];

test("writes priorities for the journal, and only for the journal", async () => {
  await using workspace = await createMirror();
  const toJournal = withShell('JOURNAL_STREAM=$(stat -L -c %d:%i /proc/self/fd/2) exec "$@"');
  const { stderr } = await workspace.run(["sync"], { through: toJournal });
  const lines = stderr.split("\n").slice(0, -1);
  expect(lines).toContain("<6>INFO  Starting sync for mirror: debian");
  expect(lines.filter((line) => !/^<[3467]>/.test(line))).toEqual([]);
  const other = await workspace.run(["sync"], { env: { JOURNAL_STREAM: "1:2" } });
  expect(other.stderr).not.toContain("<");
});

test("leaves a mirror to the run that works on it, as the timer asks", async () => {
  await using workspace = await createMirror();
  await using app = await openApp({ path: workspace.configFile });
  using _lock = await app.mirror("debian").lockWorkingMirror("test");
  const { stderr } = await workspace.run(["sync", "--if-idle"]);
  expect(stderr).toContain(
    "INFO  mirror debian is locked by ada: test (process 42), so there is nothing to do\n",
  );
  await workspace.run(["sync"], { exitCode: 4 });
});

/** ProcSubset=pid: no /proc/stat, and none of /proc/locks and /proc/sys. */
const withProcessesOnly = async (skip: TestContext["skip"]): Promise<ReturnType<typeof withShell>> => {
  await canMount(skip);
  return (commandLine) => [
    "unshare",
    "--mount",
    ...withShell('mount -t proc -o subset=pid proc /proc; exec "$@"')(commandLine),
  ];
};

test("works where /proc lists processes and nothing else", async ({ skip }) => {
  const through = await withProcessesOnly(skip);
  await using workspace = await createMirror();
  for (const args of [
    ["sync"],
    ["sync"],
    ["snapshot", "create", "debian", "one", "--stage"],
    ["snapshot", "promote", "debian"],
    ["snapshot", "verify", "debian", "--deep"],
  ])
    await workspace.run(args, { through });
  const { stdout } = await workspace.run(["status"], { through });
  expect(stdout).toContain("/proc/locks");
});
