/** Mistakes of users: the message says what to do, the exit status is the documented one, and no link moves. */
import { chmod, readFile, rm, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createWorkspace, type RunOptions, type Workspace } from "../support/index.ts";
import { createRunningMirror, logOfFailure, nameInStaging, newDeb } from "./running-mirror.ts";

describe("a command that cannot be done fails with status 1, says what to do, and moves no link:", () => {
  interface Refusal {
    readonly args: (staged: string) => readonly string[];
    readonly says: readonly string[];
  }

  const cases: readonly (readonly [name: string, Refusal])[] = [
    [
      "staging a snapshot that is not there",
      {
        args: () => ["snapshot", "stage", "debian", "no-such"],
        says: ['ERROR debian has no snapshot "no-such"', "      There is 2"],
      },
    ],
    [
      "publishing a snapshot that is not there",
      {
        args: () => ["snapshot", "publish", "debian", "no-such"],
        says: ['ERROR debian has no snapshot "no-such"', "      There is 2"],
      },
    ],
    [
      "rolling back to a snapshot that is not there",
      {
        args: () => ["snapshot", "rollback", "debian", "--to", "no-such"],
        says: ['ERROR debian has no snapshot "no-such"', "      There is 2"],
      },
    ],
    [
      "rolling back the first promotion",
      {
        args: () => ["snapshot", "rollback", "debian"],
        says: ["ERROR debian: nothing is known to have been in production before 2", "--to NAME"],
      },
    ],
    [
      "deleting what is staged and in production",
      {
        args: (staged) => ["snapshot", "delete", "debian", staged],
        says: ["ERROR Cannot delete snapshot 2", "is staged and in production"],
      },
    ],
    [
      "deleting a snapshot that is not there",
      {
        args: () => ["snapshot", "delete", "debian", "no-such"],
        says: ['ERROR Cannot delete snapshot no-such: debian has no snapshot "no-such"'],
      },
    ],
    [
      "creating a snapshot with a name that leads elsewhere",
      {
        args: () => ["snapshot", "create", "debian", "../elsewhere"],
        says: ['ERROR "../elsewhere" cannot be the name of a snapshot', "without slash"],
      },
    ],
  ];

  // No test changes it, so all share it.
  let workspace: Workspace;
  beforeAll(async () => {
    workspace = await createRunningMirror();
  });
  afterAll(() => workspace[Symbol.asyncDispose]());

  test.for(cases)("%s", async ([, { args, says }]) => {
    const log = await logOfFailure(workspace, 1, args(await nameInStaging(workspace)));
    for (const text of says) expect(log).toContain(text);
    expect(await workspace.leftovers()).toEqual([]);
  });

  test("promoting with nothing staged", async () => {
    await using own = await createRunningMirror();
    await rm(own.join("www/debian/staging"));
    const log = await logOfFailure(own, 1, ["snapshot", "promote", "debian"]);
    expect(log).toContain("ERROR debian has nothing in staging");
    expect(log).toContain("mirrorctl snapshot stage debian NAME");
  });

  test("replacing what is in production, even with --force", async () => {
    await using own = await createRunningMirror();
    const name = await nameInStaging(own);
    await own.arrange(["sync"]);
    const log = await logOfFailure(own, 1, ["snapshot", "create", "debian", name, "--force"]);
    expect(log).toContain(`snapshot ${name} of debian is in production`);
    expect(log).toContain("choose another name");
  });
});

test.concurrent("delete goes on after a refused snapshot; --force removes its links and says so", async () => {
  await using workspace = await createRunningMirror();
  const staged = await nameInStaging(workspace);
  await workspace.arrange(["snapshot", "create", "debian", "spare"]);
  const log = await logOfFailure(workspace, 1, ["snapshot", "delete", "debian", staged, "spare"]);
  expect(log).toContain("INFO  Snapshot deleted: spare\n");
  const history = await workspace.run(["history", "debian"]);
  expect(history.stdout).toMatch(
    / delete +failed +- +\S+ +snapshot \S+ of debian is staged and in production$/m,
  );

  const { stderr } = await workspace.run(["snapshot", "delete", "debian", staged, "--force"]);
  expect(stderr).toContain(`WARN  Link removed: staging of debian no longer leads to ${staged}\n`);
  expect(stderr).toContain(`WARN  Link removed: production of debian no longer leads to ${staged}\n`);
  const { staging, production } = await workspace.published("debian");
  expect({ staging, production }).toEqual({ staging: undefined, production: undefined });
});

describe("wrong usage and configuration end with status 2 before anything is done:", () => {
  interface Mistake {
    readonly args: readonly string[];
    readonly says: readonly string[];
    readonly editConfig?: (text: string) => string;
    readonly env?: Readonly<Record<string, string>>;
  }

  const cases: readonly (readonly [name: string, Mistake])[] = [
    [
      "an unknown mirror",
      { args: ["sync", "ubuntu"], says: ['mirror.toml has no mirror "ubuntu"', "Its mirrors are: debian."] },
    ],
    [
      "an unknown flag",
      { args: ["sync", "--dryrun"], says: ["ERROR unknown option '--dryrun'", "--dry-run"] },
    ],
    ["an unknown command", { args: ["snapsot"], says: ["ERROR unknown command 'snapsot'", "snapshot"] }],
    ["a missing argument", { args: ["snapshot", "promote"], says: ["ERROR missing required argument 'id'"] }],
    [
      "a count that is not a number",
      { args: ["snapshot", "prune", "--keep-last", "few"], says: ["--keep-last", "whole number"] },
    ],
    [
      "no configuration file",
      {
        args: ["sync"],
        env: { MIRRORCTL_CONFIG: "/nonexistent/mirror.toml" },
        says: [
          "ERROR cannot read the configuration file /nonexistent/mirror.toml: there is no such file",
          "--config or MIRRORCTL_CONFIG",
        ],
      },
    ],
    [
      "an unknown key in the configuration",
      {
        args: ["sync"],
        editConfig: (text) => text.replace("publish_to_staging", "publish_to_stagin"),
        says: ["mirrors.debian.publish_to_stagin", "publish_to_staging", "mirror.toml:"],
      },
    ],
    [
      "a configuration that is not TOML",
      { args: ["status"], editConfig: (text) => `${text}\nsuites = [\n`, says: ["mirror.toml"] },
    ],
  ];

  // No test changes it, so all share it.
  let workspace: Workspace;
  beforeAll(async () => {
    workspace = await createRunningMirror();
    workspace.server.clearRequests();
  });
  afterAll(() => workspace[Symbol.asyncDispose]());

  test.for(cases)("%s", async ([, { args, says, editConfig, env = {} }]) => {
    const text = await readFile(workspace.configFile, "utf8");
    await writeFile(workspace.configFile, editConfig?.(text) ?? text);
    const before = await workspace.everything();
    const log = await logOfFailure(workspace, 2, args, { env });
    for (const part of says) expect(log).toContain(part);
    expect(await workspace.everything()).toEqual(before);
    expect(workspace.server.requests).toEqual([]);
    await writeFile(workspace.configFile, text);
  });
});

test.concurrent("a second run ends at once with status 4 and names the first; readers go on", async () => {
  await using workspace = await createRunningMirror();
  const mayAnswer = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  workspace.server.fault({
    path: `/${newDeb}`,
    before: () => asked.resolve(),
    delayUntil: mayAnswer.promise,
  });
  await using first = workspace.start(["sync"]);
  await asked.promise;

  for (const args of [["sync"], ["snapshot", "create", "debian"]]) {
    const log = await logOfFailure(workspace, 4, args);
    expect(log).toMatch(/ERROR mirror debian is locked by .*: sync \(process \d+\)/);
    expect(log).toContain("Wait until it has ended");
  }
  for (const args of [["snapshot", "list"], ["status"], ["history"]]) await workspace.run(args);

  mayAnswer.resolve();
  expect((await first.ended).exitCode).toBe(0);
  expect((await workspace.published("debian")).staging?.files.has(newDeb)).toBe(true);
});

describe.concurrent("a user who may not write `dir`", () => {
  // Root may write anywhere, so it becomes nobody; another user removes its own permission.
  const isRoot = userInfo().uid === 0;
  const unprivileged: RunOptions = isRoot ? { userId: 65_534 } : {};

  test("cannot sync and changes nothing, but can read", async () => {
    await using workspace = await createRunningMirror();
    await chmod(workspace.path, 0o755);
    const closed = ["www/.mirrorctl/locks", "www/debian"].map((path) => workspace.join(path));
    if (!isRoot) for (const path of closed) await chmod(path, 0o555);
    const before = await workspace.everything();
    const log = await logOfFailure(workspace, 1, ["sync"], unprivileged);
    expect(log).toContain("ERROR Sync failed for debian");
    expect(await workspace.everything()).toEqual(before);
    const { stdout } = await workspace.run(["snapshot", "list"], unprivileged);
    expect(stdout).toContain("staging, production");
    if (!isRoot) for (const path of closed) await chmod(path, 0o755);
  });

  test("learns from check config who owns the files, even if `dir` is unreadable", async () => {
    await using workspace = await createRunningMirror();
    await chmod(workspace.path, 0o755);
    const check = async () =>
      (await workspace.run(["check", "config"], { ...unprivileged, exitCode: 2 })).stdout;
    if (!isRoot) await chmod(workspace.dir, 0o555);
    expect(await check()).toMatch(
      isRoot
        ? /: dir: \d+ paths that mirrorctl made before and \w+ cannot change, such as .*, belong to root: run/
        : /: dir: .* is not writable by this user; it belongs to /,
    );
    await chmod(workspace.dir, isRoot ? 0o700 : 0o000);
    expect(await check()).toContain(`dir: ${workspace.dir} is not writable by this user; it belongs to `);
    await chmod(workspace.dir, 0o755);
  });

  test("learns which directory cannot be made, and who could make it", async () => {
    await using workspace = await createRunningMirror();
    await chmod(workspace.path, isRoot ? 0o755 : 0o555);
    const dir = workspace.join("elsewhere");
    const options = { ...unprivileged, env: { MIRRORCTL_DIR: dir } };
    const log = await logOfFailure(workspace, 1, ["sync"], options);
    expect(log).toContain(`permission denied, mkdir '${dir}`);
    expect(log).toContain(
      isRoot ? `sudo install -d -o nobody ${dir}` : "Run mirrorctl as the user that owns `dir`",
    );
    const { stdout } = await workspace.run(["check", "config"], { ...options, exitCode: 2 });
    expect(stdout).toContain(
      `problem: MIRRORCTL_DIR: ${workspace.path} is not writable by this user; it belongs to`,
    );
    await chmod(workspace.path, 0o755);
  });
});

test.concurrent("without pgp_key_path, refuses what apt's keys have not signed, and names the key", async () => {
  await using workspace = await createWorkspace({ mirrors: { debian: { pgp_key_path: undefined } } });
  workspace.upstream.suite("stable").addPackage("hello", "1.0-1");
  await workspace.upstream.publish();
  const { stderr } = await workspace.run(["sync"], { exitCode: 1 });
  expect(stderr).toContain(`signed by unknown key 0x${workspace.key.keyId}`);
  expect(stderr).toContain("pgp_key_path");
  expect((await workspace.published("debian")).working).toBeUndefined();
});
