/** The JSON of every command, as docs/schemas says. `run` compares each output with its schema. */
import { truncateSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import { deb, type Mirrors, openMirrors } from "../../src/operations/verify/test-support.ts";
import { answers } from "../../src/report/json/schemas/index.ts";
import { assertJson } from "../support/check-json.ts";
import { keyring } from "../support/genuine-debian.ts";

/** In an order in which each command has something to say. */
const commands = {
  "sync-dry-run": ["sync", "--dry-run"],
  sync: ["sync"],
  "snapshot-create": ["snapshot", "create", "m", "one", "--stage"],
  "snapshot-stage": ["snapshot", "stage", "m", "one"],
  "snapshot-test": ["snapshot", "test", "m"],
  "snapshot-approve": ["snapshot", "approve", "m"],
  "snapshot-promote-dry-run": ["snapshot", "promote", "m", "--dry-run"],
  "snapshot-promote": ["snapshot", "promote", "m"],
  "snapshot-publish": ["snapshot", "publish", "m", "two"],
  "snapshot-diff": ["snapshot", "diff", "m"],
  "snapshot-rollback": ["snapshot", "rollback", "m"],
  "snapshot-installable": ["snapshot", "installable", "m", "hello"],
  "snapshot-pin": ["snapshot", "pin", "m", "two", "--note", "a ticket"],
  "snapshot-import": ["snapshot", "import", "m", "UPSTREAM"],
  "snapshot-list": ["snapshot", "list", "--detailed"],
  "snapshot-verify": ["snapshot", "verify", "m", "--deep"],
  export: ["export", "m", "--to", "/nonexistent", "--dry-run"],
  "snapshot-prune": ["snapshot", "prune", "--dry-run"],
  "snapshot-unpin": ["snapshot", "unpin", "m", "two"],
  "snapshot-delete": ["snapshot", "delete", "m", "three"],
  status: ["status"],
  history: ["history"],
  "check-config": ["check", "config"],
  "check-tls": ["check", "tls", "m"],
  "key-needed": ["key", "needed", "m"],
  "client-config": ["client-config", "m", "--base-url", "http://apt.example.org/"],
  init: ["init", "--print", "--from", "deb [trusted=yes] https://apt.example.org/ stable main"],
  "key-show": ["key", "show", keyring],
  "check-notify": ["check", "notify"],
  import: ["import", "debmirror", "--", "--host=deb.example.org", "--dist=sid", "--method=http"],
  version: ["version"],
} as const;

async function json(mirrors: Mirrors, args: readonly string[], status = 0): Promise<unknown> {
  const words = args.map((word) => (word === "UPSTREAM" ? mirrors.upstream.dir : word));
  const { out } = await mirrors.run(["--json", ...words], status);
  return JSON.parse(out);
}

async function usedMirrors(): Promise<Mirrors> {
  const mirrors = await openMirrors();
  await mirrors.run(["sync"]);
  for (const name of ["two", "three"]) await mirrors.run(["snapshot", "create", "m", name]);
  return mirrors;
}

describe("the JSON", () => {
  test("of every command is as its schema says", async () => {
    expect([...Object.keys(commands), "log", "progress"].toSorted()).toEqual(Object.keys(answers).toSorted());
    const mirrors = await usedMirrors();
    for (const [name, args] of Object.entries(commands)) {
      const output = await json(mirrors, args);
      expect(() => assertJson(name, output)).not.toThrow();
      expect(() => assertJson(name, [{ ...Object(output), unheardOf: 1 }])).toThrow("docs/schemas");
    }
  });

  test("of the history has the name of an action that only a newer mirrorctl knows", async () => {
    const mirrors = await usedMirrors();
    using history = new DatabaseSync(join(mirrors.dir, ".mirrorctl/state/history.db"));
    history.exec("UPDATE events SET action = 'seal' WHERE id = 1");
    const output = await json(mirrors, ["history"]);
    expect(() => assertJson("history", output)).not.toThrow();
    expect((output as object[]).at(-1)).toMatchObject({ action: "seal", result: "done" });
    expect((await mirrors.run(["history"])).out).toMatch(/ m +seal +done /);
  });

  test("of damage, and of what a person must look at, is as the schema says", async () => {
    const mirrors = await usedMirrors();
    await mirrors.run(["snapshot", "stage", "m", "two"]);
    truncateSync(mirrors.file(deb, "two"), 1);
    expect(await json(mirrors, ["snapshot", "verify", "m", "two"], 1)).toMatchObject([{ result: "damaged" }]);
    const [status] = (await json(mirrors, ["status"])) as { concerns: { kind: string }[] }[];
    expect(status?.concerns.map(({ kind }) => kind)).toContain("snapshot-damaged");
    expect(await json(mirrors, ["history", "--action", "verify"])).toMatchObject([
      { details: { kind: "damage-shared" } },
      { details: { kind: "damage-shared" } },
      { details: { kind: "checked", damaged: 1 } },
    ]);
    expect(await json(mirrors, ["snapshot", "delete", "m", "two"], 1)).toMatchObject({
      failed: [{ name: "two", code: "snapshot/SNAPSHOT_IN_USE" }],
    });
  });

  test("of a difference is as the schema says, for every kind of change", async () => {
    const mirrors = await openMirrors();
    const stable = mirrors.upstream.suite("stable");
    const fields = { Source: "tool (2.0-1)", "Built-Using": "go (= 1)" };
    stable.addPackage("old", "2").addPackage("gone", "1").addPackage("built", "1", { fields });
    await mirrors.upstream.publish();
    await mirrors.run(["sync"]);
    await mirrors.run(["snapshot", "create", "m", "one"]);
    for (const name of ["hello", "old", "gone", "built"]) stable.removePackage(name);
    stable.addPackage("hello", "1.1-1").addPackage("old", "1").addPackage("new", "1");
    stable.addPackage("built", "1+b1", { fields: { ...fields, "Built-Using": "go (= 2)" } });
    stable.addPackage("tool", "1.0-1");
    await mirrors.upstream.publish();
    await mirrors.run(["sync"]);
    const difference = await json(mirrors, ["snapshot", "diff", "m", "one", "working"]);
    expect(() => assertJson("snapshot-diff", difference)).not.toThrow();
    const { counts } = difference as { counts: Readonly<Record<string, number>> };
    expect(Object.entries(counts).filter(([, count]) => count > 0)).toEqual([
      ["downgraded", 1],
      ["removed", 1],
      ["upgraded", 1],
      ["rebuilt", 1],
      ["added", 1],
      ["version-added", 1],
    ]);
    const { out } = await mirrors.run(["snapshot", "diff", "m", "one", "working", "--format", "json"]);
    expect(JSON.parse(out)).toEqual(difference);
  });

  test("of a sync that fails has the code of the error", async () => {
    const mirrors = await openMirrors();
    mirrors.configure({ m: { suites: ["gone"] } });
    expect(await json(mirrors, ["sync"], 1)).toMatchObject([
      { kind: "failed", code: "upstream/HTTP_STATUS" },
    ]);
    expect(await json(mirrors, ["sync", "--dry-run"], 1)).toMatchObject([{ kind: "failed" }]);
  });

  test("of the log is one object a line, with a type and its facts", async () => {
    const mirrors = await openMirrors();
    mirrors.configure({ m: { no_pgp_check: true } }, { log: { format: "json", level: "debug" } });
    const { log } = await mirrors.run(["sync"]);
    const lines = log
      .trimEnd()
      .split("\n")
      .map((line): unknown => JSON.parse(line));
    for (const line of lines) assertJson("log", line);
    const progress = lines.filter((line) => (line as { type?: string }).type === "progress");
    expect(progress).toMatchObject([{ kind: "download", mirror: "m" }]);
    for (const line of progress) assertJson("progress", line);
    expect(lines).toContainEqual(expect.objectContaining({ type: "signatures-unchecked", level: "warn" }));
    expect(lines).toContainEqual(expect.objectContaining({ type: "sync-ended", synced: 1 }));
  });
});
