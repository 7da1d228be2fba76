import { mkdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Host } from "../platform/machine/host.ts";
import { run, siteWithFile } from "./test-support.ts";

describe("commands", () => {
  test("log to standard error and leave standard output to results", async () => {
    const { on } = await siteWithFile();
    expect(await on("snapshot", "stage", "noble", "new")).toEqual({
      status: 0,
      stdout: "",
      stderr: "INFO  Publishing snapshot to staging\nINFO  Staging updated: noble -> new\n",
    });
    const promoted = await on("snapshot", "promote", "noble", "--reason", "tested", "--json", "--quiet");
    expect(promoted).toMatchObject({ status: 0, stderr: "" });
    expect(JSON.parse(promoted.stdout)).toEqual([{ mirror: "noble", production: "new" }]);
    const history = await on("history", "noble", "-n", "1");
    expect(history.stdout).toMatch(/^\n1 of \d lines shown; all with --limit \d\n$/m);
    expect(history.stdout).toMatch(/ada +noble +promote +done +old +new +tested$/m);
  });

  test("refuse with status 3 what was rolled back, and promote it by force with a reason", async () => {
    const { on } = await siteWithFile();
    await on("snapshot", "stage", "noble", "new");
    await on("snapshot", "promote", "noble", "--snapshot", "new");
    const back = await on("snapshot", "rollback", "noble", "--reason", "broken", "--json");
    expect(JSON.parse(back.stdout)).toEqual([{ mirror: "noble", production: "old" }]);
    const { status, stderr } = await on("snapshot", "promote", "noble");
    expect(status).toBe(3);
    expect(stderr).toMatch(/^ERROR noble: new was rolled back on .* UTC by ada: broken\n {6}\S/);
    const forced = await on("snapshot", "promote", "noble", "--force", "--reason", "it was right");
    expect(forced.status).toBe(0);
    expect(forced.stderr).toContain("INFO  Production updated: noble -> new\n");
    const again = await on("snapshot", "promote", "noble");
    expect(again).toEqual({
      status: 0,
      stdout: "",
      stderr: "INFO  new is in production of noble already: nothing changes\n",
    });
  });

  test("delete what they can, and end with status 1 if anything was refused", async () => {
    const { on, noble } = await siteWithFile();
    const { status, stderr } = await on("snapshot", "delete", "noble", "old", "new");
    expect(status).toBe(1);
    expect(stderr).toContain("ERROR Cannot delete snapshot old: snapshot old of noble is in production");
    expect(stderr).toContain("INFO  Snapshot deleted: new");
    expect((await noble.catalog.list()).map(({ name }) => name)).toEqual(["old"]);
  });

  test("end with status 4 while another run holds the lock, and name it", async () => {
    const { on, noble } = await siteWithFile();
    using _lock = await noble.lockSnapshots("sync");
    const outcome = await on("snapshot", "stage", "noble", "new");
    expect(outcome.status).toBe(4);
    expect(outcome.stderr).toContain(
      "ERROR the set of snapshots of noble is locked by ada: sync (process 42)",
    );
    // Who only reads does not wait.
    expect((await on("status")).status).toBe(0);
    expect((await on("snapshot", "list")).status).toBe(0);
    expect((await on("history")).status).toBe(0);
  });

  test.each([
    ["noble", "jammy"],
    ["jammy", "noble"],
  ])("go on after a failed mirror, and end with status 1 (%s, %s)", async (...ids) => {
    const { site, noble, on } = await siteWithFile();
    mkdirSync(site.mirror("jammy").layout.snapshotsLock, { recursive: true }); // where no lock file can be made
    using _lock = await noble.lockSnapshots("sync");
    const { status, stderr } = await on("snapshot", "prune", ...ids);
    expect(status).toBe(1);
    expect(stderr).toContain("the set of snapshots of noble is locked by");
    expect(stderr).toContain("the set of snapshots of jammy cannot be locked");
  });

  test("begin nothing where one of the mirrors named is unknown", async () => {
    const { on, noble } = await siteWithFile();
    const { status, stdout, stderr } = await on("sync", "noble", "nobel");
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain("did you mean noble?");
    expect((await noble.history.list({})).map(({ action }) => action)).not.toContain("sync");
  });
});

describe("an error that ends a command", () => {
  const failing = ["snapshot", "rollback", "noble"] as const;

  test("is said in words, with what to do next", async () => {
    const { on } = await siteWithFile();
    const { status, stderr } = await on(...failing);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^ERROR noble: nothing is known to have been in production before old\n {6}\S/);
    expect(stderr).not.toContain("code:");
    expect((await on(...failing, "--verbose-errors")).stderr).toContain("code: snapshot/NO_PREDECESSOR");
  });

  test("is not coloured on a dumb terminal before the configuration was read either", async () => {
    const argv = ["status", "-c", "/nonexistent"];
    const on = async (env: Host["env"]) => (await run(argv, { env, isTerminal: true })).stderr;
    expect(await on({ TERM: "xterm" })).toContain("\u001B[31mERROR");
    expect(await on({ TERM: "dumb" })).toMatch(/^ERROR cannot read/);
    expect(await on({ TERM: "xterm", NO_COLOR: "1" })).toMatch(/^ERROR cannot read/);
  });

  test("is one JSON object on a line if the log is JSON", async () => {
    const { on } = await siteWithFile('[log]\nformat = "json"\n');
    const { stderr } = await on(...failing);
    const lines = stderr
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.at(-1)).toMatchObject({
      level: "error",
      message: "noble: nothing is known to have been in production before old",
    });
  });

  test.each([
    ["text", {}, true],
    ["text", { NO_COLOR: "1" }, false],
    ["text", { NO_COLOR: "" }, true],
    ["text", { TERM: "xterm-256color" }, true],
    ["text", { TERM: "dumb" }, false],
    ["plain", {}, false],
  ])(
    "is in colour on a terminal where the log is %s and the environment %j: %s",
    async (format, env, coloured) => {
      const { path } = await siteWithFile(`[log]\nformat = "${format}"\n`);
      const { stderr } = await run(["-c", path, ...failing], { env, isTerminal: true });
      expect(stderr.includes("\u001B[31mERROR")).toBe(coloured);
    },
  );
});
