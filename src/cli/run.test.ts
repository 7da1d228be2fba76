import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { type CommandOutcome, type CommandSettings, runCommand } from "../../test/support/run-command.ts";
import { temporaryPath } from "../../test/support/temporary-directory.ts";
import { publishSnapshot } from "../operations/production/publish-snapshot.ts";
import { createSnapshot } from "../operations/snapshots/create-snapshot.ts";
import { configText, openSite, suiteFiles } from "../operations/test-support.ts";
import type { Host } from "../platform/machine/host.ts";
import { exitStatus } from "../report/errors.ts";
import { build } from "../version.ts";

/** Runs a command line at a fixed time. */
const run = (argv: readonly string[], settings: CommandSettings = {}): Promise<CommandOutcome> =>
  runCommand(argv, { columns: 100, now: () => new Date("2026-05-04T03:02:01Z"), ...settings });

/** A configuration file of its own, with `extra` before its tables. */
function configFile(extra = "", more = ""): { readonly path: string; readonly dir: string } {
  const directory = temporaryPath();
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, "mirror.toml");
  const dir = join(directory, "www");
  mkdirSync(dir);
  writeFileSync(path, `${extra}\n${configText(dir, more)}`);
  return { path, dir };
}

/** A site with "old" and "new", of which "old" is in production, and the configuration file that names it. */
async function siteWithFile(extra = "") {
  const site = await openSite();
  const noble = site.mirror("noble");
  for (const [name, date] of [
    ["old", "2026-05-01T00:00:00Z"],
    ["new", "2026-05-02T00:00:00Z"],
  ] as const) {
    await site.addTree("noble", suiteFiles("noble", date));
    await createSnapshot(noble, { name, stage: false, force: false });
  }
  await publishSnapshot(noble, "old", undefined);
  const path = site.directory.join("mirror.toml");
  writeFileSync(path, `${configText(site.directory.join("www"), "", { unsigned: true })}${extra}`);
  const on = (...argv: readonly string[]): Promise<CommandOutcome> => run(["--config", path, ...argv]);
  return { site, noble, path, on };
}

describe("wrong usage ends with status 2 and says how it is right", () => {
  test.each([
    ["an unknown command", ["snyc"], "(Did you mean sync?)"],
    ["an unknown command of snapshot", ["snapshot", "stagee", "a", "b"], "(Did you mean stage?)"],
    ["an unknown flag", ["sync", "--dry"], "unknown option '--dry'"],
    ["force without a reason", ["snapshot", "promote", "noble", "--force"], "--force needs --reason"],
    [
      "force with a blank reason",
      ["snapshot", "promote", "noble", "--force", "--reason", " "],
      "--force needs --reason",
    ],
    [
      "a copy of the upstream for every mirror",
      ["sync", "--from", "/disk"],
      "--from needs the id of one mirror",
    ],
    ["no directory to read", ["sync", "noble", "--from", ""], "'--from <dir>' argument '' is invalid"],
    ["no directory to take files of", ["sync", "--files", "/disk", ""], "expected a directory"],
    ["no directory to write", ["export", "noble", "--to", ""], "expected a directory"],
    ["no directory to import", ["snapshot", "import", "noble", ""], "expected a directory"],
    ["an argument too few", ["snapshot", "stage", "noble"], "missing required argument 'name'"],
    ["an argument too many", ["snapshot", "stage", "noble", "one", "two"], "too many arguments"],
    ["a value that is none", ["--log-level", "loud", "sync"], "Allowed choices are debug, info, warn, error"],
    ["a number that is none", ["snapshot", "prune", "--keep-last", "-1"], "a whole number, 0 or more"],
    ["a limit of nothing", ["history", "--limit", "0"], "a whole number, 1 or more"],
  ])("%s", async (_what, argv, text) => {
    const { status, stdout, stderr } = await run(argv);
    expect(status).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/^ERROR /);
    expect(stderr).toContain(text);
  });

  test("no command at all", async () => {
    const { status, stderr } = await run([]);
    expect(status).toBe(2);
    expect(stderr).toContain("Usage: mirrorctl");
  });
});

describe("help and version", () => {
  test.each([
    [["--help"], "Usage: mirrorctl"],
    [["--help"], "Exit status: 0 done; 1 failed; 2 wrong usage"],
    [["snapshot", "--help"], "promote"],
    [["snapshot", "create", "-h"], "--force"],
    [["help", "sync"], "--dry-run"],
    [["--quiet", "help", "snapshot", "create"], "--force"],
    [["snapshot", "help", "create"], "--force"],
    [["help"], "Usage: mirrorctl [options] [command]"],
  ])("%j goes to standard output and needs no configuration", async (argv, text) => {
    const { status, stdout, stderr } = await run(argv);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain(text);
  });

  test("the help of every command has the options of all commands and the exit statuses", async () => {
    const commands: string[][] = [[]];
    for (const path of commands) {
      const { stdout } = await run([...path, "--help"], { columns: 80 });
      expect(stdout).toContain("--verbose-errors");
      for (const status of Object.values(exitStatus))
        expect(stdout).toMatch(new RegExp(`[:;]\\s${status}\\s`));
      for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
      const [, below = ""] = stdout.split("\nCommands:\n");
      const names = below.matchAll(/^ {2}(\w+) /gm).map(([, name = ""]) => name);
      for (const name of names) if (name !== "help") commands.push([...path, name]);
    }
    expect(commands.map((path) => path.join(" "))).toEqual(
      expect.arrayContaining(["sync", "snapshot promote", "check config", "version"]),
    );
  });

  test("the version is a line, or all facts of the build as JSON", async () => {
    expect((await run(["--version"])).stdout).toBe(`${build.version}\n`);
    expect((await run(["version"])).stdout).toBe(
      `mirrorctl ${build.version} (commit ${build.commit}, built ${build.time})\n`,
    );
    expect(JSON.parse((await run(["--json", "version"])).stdout)).toEqual(build);
  });
});

describe("the configuration", () => {
  test("that is not there ends with status 2, and says where it was looked for", async () => {
    const missing = await run(["status", "--config", "/nonexistent/mirror.toml"]);
    expect(missing).toMatchObject({ status: 2, stdout: "" });
    expect(missing.stderr.split("\n")).toEqual([
      "ERROR cannot read the configuration file /nonexistent/mirror.toml: there is no such file",
      "      Write one: mirrorctl init",
      "      Or name another with --config or MIRRORCTL_CONFIG; the default is /etc/mirrorctl/mirror.toml.",
      "",
    ]);
  });

  test("comes from the flag, or else from the environment", async () => {
    const { path } = configFile();
    const env = { MIRRORCTL_CONFIG: path };
    expect((await run(["snapshot", "list"], { env })).status).toBe(0);
    const both = await run(["snapshot", "list", "-c", "/nonexistent/other.toml"], { env });
    expect(both.stderr).toContain("/nonexistent/other.toml");
    const unset = await run(["status"], { env: { MIRRORCTL_CONFIG: "" } });
    expect(unset.stderr).toContain(" /etc/mirrorctl/mirror.toml: ");
  });

  test("that is a directory, or wrong, ends with status 2", async () => {
    expect(await run(["status", "-c", "/etc"])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("it is a directory"),
    });
    const { path } = configFile("max_cons = 3");
    const wrong = await run(["status", "-c", path]);
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toContain("max_conns");
  });

  test("refuses an unknown mirror with status 2", async () => {
    const { path } = configFile();
    const outcome = await run(["status", "nobel", "-c", path]);
    expect(outcome).toMatchObject({ status: 2, stdout: "" });
    expect(outcome.stderr).toContain("did you mean noble?");
  });

  test("passes check config with the words that are promised, or fails it with status 2", async () => {
    const right = configFile("", "no_pgp_check = true");
    // jammy takes apt's own keys, and there may be none on this machine.
    writeFileSync(right.path, `${configText(right.dir, "no_pgp_check = true").split("[mirrors.jammy]")[0]}`);
    const passed = await run(["check", "config", "-c", right.path]);
    expect(passed.status).toBe(0);
    expect(passed.stdout.split("\n")).toEqual([
      "note: noble: signatures are not checked (no_pgp_check)",
      "the toml configuration file passes validation checks",
      `${right.path} has 1 mirror in ${right.dir}:`,
      "MIRROR  UPSTREAM                    SUITES  SNAPSHOTS",
      "noble   http://127.0.0.1:9/ubuntu/  noble   -",
      `Next: mirrorctl --config ${right.path} sync`,
      "",
    ]);

    writeFileSync(
      right.path,
      `${configText(right.dir, 'pgp_key_path = "/nonexistent/key.asc"').split("[mirrors.jammy]")[0]}`,
    );
    const failed = await run(["check", "config", "-c", right.path]);
    expect(failed).toEqual({
      status: 2,
      stdout: `problem: ${right.path}:7:16: mirrors.noble.pgp_key_path: cannot read /nonexistent/key.asc: there is no such file\n`,
      stderr: "",
    });
    const json = JSON.parse((await run(["check", "config", "-c", right.path, "--json"])).stdout);
    expect(json).toMatchObject({
      valid: false,
      problems: [{ key: "mirrors.noble.pgp_key_path", line: 7, column: 16 }],
    });
  });
});

describe("commands", () => {
  test("list what there is as a table, or as JSON", async () => {
    const { on } = await siteWithFile();
    const table = await on("snapshot", "list");
    expect(table).toMatchObject({ status: 0, stderr: "" });
    expect(table.stdout.split("\n")).toEqual([
      "MIRROR  SNAPSHOT NAME  CREATED                  SIZE   STATUS",
      expect.stringMatching(/^noble {3}old {12}2026-05-04 03:02:01 UTC {2}\d+ B {2}production$/),
      expect.stringMatching(/^noble {3}new {12}2026-05-04 03:02:01 UTC {2}\d+ B$/),
      "",
    ]);
    expect((await on("snapshot", "list", "--detailed")).stdout).toContain("UNIQUE");
    const json = JSON.parse((await on("snapshot", "list", "--json")).stdout);
    expect(json).toMatchObject([
      { mirror: "noble", name: "old", createdAt: "2026-05-04T03:02:01.000Z", status: ["production"] },
      { mirror: "noble", name: "new", status: [] },
    ]);
  });

  test("fit their tables into a terminal, and hide nothing from a pipe", async () => {
    const { on, path } = await siteWithFile();
    await on(
      "snapshot",
      "publish",
      "noble",
      "new",
      "--reason",
      "why this had to be done at night ".repeat(3),
    );
    for (const command of [
      ["history"],
      ["snapshot", "list", "--detailed"],
      ["snapshot", "verify", "noble"],
    ]) {
      const complete = (await on(...command)).stdout;
      for (const columns of [80, 60]) {
        const { stdout } = await run(["--config", path, ...command], { isTerminal: true, columns });
        for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(columns);
        expect(stdout.split("\n")).toHaveLength(complete.split("\n").length);
      }
    }
    expect((await on("history")).stdout).toMatch(/^WHEN \(UTC\) .*(?:done at night.*){3}$/ms);
  });

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

  test("fold unchanged syncs in the text of the history, and list all in JSON", async () => {
    const { on, noble } = await siteWithFile();
    for (let hour = 0; hour < 24; hour++) await noble.record({ action: "sync", result: "unchanged" });
    const { stdout } = await on("history", "--action", "sync", "--since", "1000d");
    expect(stdout).toMatch(/^\S+ \S+ +ada +noble +sync \(24\) +unchanged +- +- +since \S+ \S+$/m);
    expect(stdout).not.toContain("lines shown");
    const json = await on("history", "--action", "sync", "--json");
    expect(JSON.parse(json.stdout)).toHaveLength(24);
    expect((await on("history", "--since", "2000-01-01", "--production")).stdout).toContain("publish");
    expect((await on("history", "--since", "2099-01-01")).stdout).toBe("The history has no such line.\n");
    for (const [option, value] of [
      ["--action", "sink"],
      ["--since", "soon"],
    ] as const) {
      const { status, stderr } = await on("history", option, value);
      expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining(`found "${value}"`) });
    }
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

  test("say of each snapshot why it stays or goes", async () => {
    const { on } = await siteWithFile();
    const { stdout } = await on("snapshot", "prune", "noble", "--keep-last", "0", "--dry-run");
    expect(stdout).toMatch(/old +keep +in production/);
    expect(stdout).toMatch(/new +delete +no rule keeps it/);
    expect((await on("snapshot", "prune", "--keep-within", "soon")).status).toBe(2);
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

  test("let monitoring know when something needs a person", async () => {
    const { on } = await siteWithFile();
    const { status, stdout } = await on("status", "--check");
    expect(status).toBe(1);
    expect(stdout).toContain("attention   never synced");
    expect(stdout).toMatch(
      /^MIRRORCTL WARNING - jammy: never synced, and 1 more \| concerns=2;0 free=\d+B\nnoble\n {2}last sync/,
    );
    const plain = await on("status");
    expect(plain.status).toBe(0);
    expect(plain.stdout).not.toContain("MIRRORCTL");
  });

  test("say to a user who may not read the history what else there is; a check alarms", async () => {
    const { on, noble } = await siteWithFile();
    rmSync(noble.layout.history);
    symlinkSync("/nonexistent/history.db", noble.layout.history); // which SQLite cannot open either
    expect((await on("status", "noble")).status).toBe(0);
    const { status, stdout } = await on("status", "noble", "--check");
    expect(status).toBe(1);
    expect(stdout).toMatch(/^MIRRORCTL WARNING - noble: this user cannot read the history/);
    expect(stdout).toContain("last sync   unknown (history not readable by this user): unable to open");
    expect(stdout).toContain("production  old");
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
