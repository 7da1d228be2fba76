/** Files of every version of the history, made by the code of that version. Add one whenever the version changes. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { temporaryDirectory } from "../../../test/support/index.ts";
import { pauseFor } from "../../platform/flow/pause.ts";
import { movesProduction } from "../conclusions/production-line.ts";
import type { HistoryEntry } from "../entry.ts";
import { openHistory } from "./history.ts";
import { codeToOpen, readAsOther } from "./other-process.fixture.ts";

const { signal } = new AbortController();

const fixture = (name: string): string =>
  new URL(`../../../test/fixtures/history/${name}.db`, import.meta.url).pathname;

async function copyOf(name: string) {
  const directory = await temporaryDirectory();
  onTestFinished(() => directory[Symbol.asyncDispose]());
  mkdirSync(directory.join("state"));
  const path = directory.join("state/history.db");
  copyFileSync(fixture(name), path);
  return { directory, path, history: openHistory(path, { pause: pauseFor, signal }) };
}

function inspect(path: string, sql: string): unknown {
  using database = new DatabaseSync(path, { readOnly: true });
  return Object.values(database.prepare(sql).get() ?? {})[0];
}

function change(path: string, sql: string): void {
  using database = new DatabaseSync(path);
  database.exec(sql);
}

const present = 1;
const line: HistoryEntry = {
  at: new Date("2026-06-01T00:00:00Z"),
  mirror: "noble",
  action: "unlink",
  who: "bob",
  result: "done",
  from: "one",
  details: { kind: "unlinked", link: "staging" },
};

/** The lines of every fixture, newest first. */
const facts = [
  ["sync", undefined],
  ["delete", undefined],
  ["unlink", { kind: "unlinked", link: "production" }],
  ["verify", { kind: "repair-shared", from: "one of noble", repaired: 1, repairedPaths: ["pool/a.deb"] }],
  ["verify", { kind: "damage-shared", from: "one of noble", damaged: 1, damagedPaths: ["pool/a.deb"] }],
  [
    "verify",
    { kind: "checked", deep: true, files: 9, damaged: 2, damagedPaths: ["pool/a.deb", "pool/b.deb"] },
  ],
  ["promote", undefined],
  ["stage", undefined],
  ["create", { kind: "created", contents: "noble 0123" }],
  ["sync", undefined],
] as const;

const expectFacts = (entries: readonly HistoryEntry[]): void => {
  expect(entries.map(({ action }) => action)).toEqual(facts.map(([action]) => action));
  for (const [index, [, details]] of facts.entries()) {
    if (details === undefined) expect(entries[index]?.details).toBeUndefined();
    else expect(entries[index]?.details).toMatchObject(details);
  }
};

describe.each(["unversioned-wal", "unversioned", "version-1"])("a history of %s", (name) => {
  test("is read without changing it", async () => {
    const { directory, path, history } = await copyOf(name);
    expectFacts(await history.list({}));
    expect(await history.newer()).toBeUndefined();
    expect(readFileSync(path).equals(readFileSync(fixture(name)))).toBe(true);
    expect(readdirSync(directory.join("state"))).toEqual(["history.db"]);
  });

  test("is migrated by the next line, and keeps every line", async () => {
    const { path, history } = await copyOf(name);
    const before = await history.list({});
    await history.record(line);
    expect(await history.list({})).toEqual([expect.objectContaining(line), ...before]);
    expect(inspect(path, "PRAGMA user_version")).toBe(present);
    expect(inspect(path, "PRAGMA journal_mode")).toBe("delete");
    await history.record({ ...line, mirror: "jammy" });
    expect(await history.list({})).toHaveLength(facts.length + 2);
  });
});

test("an unversioned history can be read without write permission", async () => {
  const { directory, path } = await copyOf("unversioned");
  expect(await readAsOther(path)).toEqual(facts.map(([action]) => action));
  expect(readdirSync(directory.join("state"))).toEqual(["history.db"]);
});

test("a kill before the commit leaves the old version", async () => {
  const { path, history } = await copyOf("unversioned");
  const code = `
    import { DatabaseSync } from "node:sqlite";
    const real = DatabaseSync.prototype.exec;
    DatabaseSync.prototype.exec = function (sql) {
      if (sql === "COMMIT") process.kill(process.pid, "SIGKILL");
      return real.call(this, sql);
    };
    ${codeToOpen(path)}
    await history.record({ at: new Date(), mirror: "m", action: "sync", who: "w", result: "done" });`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", code], { stdio: "inherit" });
  expect(await once(child, "close")).toEqual([null, "SIGKILL"]);
  expectFacts(await history.list({})); // undoes what the killed writer left
  expect(inspect(path, "PRAGMA user_version")).toBe(0);
  await history.record(line);
  expect(await history.list({})).toHaveLength(facts.length + 1);
});

async function newer() {
  const copy = await copyOf("version-1");
  change(copy.path, `ALTER TABLE events ADD COLUMN more TEXT; PRAGMA user_version = ${present + 1}`);
  return copy;
}

describe("a history that a newer mirrorctl wrote", () => {
  test("is read, and says which version it has", async () => {
    const { path, history } = await newer();
    expectFacts(await history.list({}));
    expect(await history.newer()).toEqual({ path, version: present + 1, known: present });
  });

  test("is read with the name of an action that only the newer one knows", async () => {
    const { path, history } = await newer();
    change(path, "UPDATE events SET action = 'seal', from_name = 'one', to_name = 'two' WHERE id = 1");
    const entries = await history.list({});
    expect(entries.at(-1)).toMatchObject({ action: "seal", from: "one", to: "two", details: undefined });
    expect(entries.filter(movesProduction)).not.toContain(entries.at(-1));
  });

  test("is not written", async () => {
    const { path, history } = await newer();
    const before = readFileSync(path);
    const message = `the history ${path} has version ${present + 1}, and this mirrorctl knows versions up to ${present}`;
    await expect(history.record(line)).rejects.toThrow(
      expect.objectContaining({ code: "HISTORY_NEWER", message }),
    );
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(existsSync(`${path}-journal`)).toBe(false);
  });

  test("is not written if it was migrated after a first look", async () => {
    const { path, history } = await copyOf("version-1");
    const exec = vi.spyOn(DatabaseSync.prototype, "exec");
    exec.mockImplementation(function (this: DatabaseSync, sql) {
      exec.mockRestore();
      change(path, `PRAGMA user_version = ${present + 1}`);
      this.exec(sql);
    });
    await expect(history.record(line)).rejects.toThrow(expect.objectContaining({ code: "HISTORY_NEWER" }));
    expectFacts(await history.list({}));
  });

  test("is refused if it has other tables or columns", async () => {
    const { path, history } = await newer();
    const code = "HISTORY_NEWER";
    change(path, "ALTER TABLE events RENAME COLUMN mirror TO subject");
    await expect(history.list({})).rejects.toThrow(expect.objectContaining({ code }));
    change(path, "ALTER TABLE events RENAME TO lines");
    await expect(history.list({})).rejects.toThrow(expect.objectContaining({ code }));
  });
});

test("the fixtures include a file of the present version", async () => {
  const { path, history } = await copyOf("version-1");
  expect(inspect(path, "PRAGMA user_version")).toBe(present);
  rmSync(path);
  await history.record(line);
  expect(inspect(path, "PRAGMA user_version")).toBe(present);
});
