import { readdirSync, statSync, writeFileSync } from "node:fs";
import { describe, expect, onTestFinished, test } from "vitest";
import { temporaryDirectory } from "../../../test/support/index.ts";
import { pauseFor } from "../../platform/flow/pause.ts";
import type { HistoryEntry } from "../entry.ts";
import { openHistory } from "./history.ts";
import { codeToOpen, readAsOther, runNode } from "./other-process.fixture.ts";

const { signal } = new AbortController();

async function open() {
  const directory = await temporaryDirectory();
  onTestFinished(() => directory[Symbol.asyncDispose]());
  const path = directory.join("state/history.db");
  return { directory, path, history: openHistory(path, { pause: pauseFor, signal }) };
}

const entry = (more: Partial<HistoryEntry> = {}): HistoryEntry => ({
  at: new Date("2026-05-04T03:02:01.234Z"),
  mirror: "noble",
  action: "sync",
  who: "admin",
  result: "done",
  from: undefined,
  to: undefined,
  reason: undefined,
  detail: undefined,
  details: undefined,
  ...more,
});

const at = (hour: number): Date => new Date(Date.UTC(2026, 4, 4, hour));

describe("the history", () => {
  test("is empty at first, and reading it makes no file", async () => {
    const { directory, history } = await open();
    expect(await history.list({})).toEqual([]);
    expect(readdirSync(directory.path)).toEqual([]);
  });

  test("ends the begun line of the same mirror, action and time, or adds a line", async () => {
    const { history } = await open();
    const begun = entry({ action: "promote", result: "begun", from: "a", to: "b", reason: "tested" });
    const others = [
      { ...begun, mirror: "jammy" },
      { ...begun, action: "rollback" },
      { ...begun, at: new Date("2026-05-05T00:00:00Z") },
    ] satisfies HistoryEntry[];
    for (const line of [begun, ...others]) await history.record(line);
    await history.record({ ...begun, result: "done", detail: "well" });
    const ended = { ...begun, result: "done", detail: "well" };
    expect(await history.list({})).toEqual([...others.toReversed(), ended]);
    expect(await history.list({ mirror: "noble", result: "begun" })).toHaveLength(2);
    await history.record({ ...begun, result: "failed" });
    expect(await history.list({})).toHaveLength(5);
  });

  test("returns each line as it was written, newest first", async () => {
    const { history } = await open();
    const lines = [
      entry({ action: "promote", from: "a", to: "b", reason: "it's tested; 'yes'", detail: "ä\nb" }),
      entry({ mirror: "jammy", result: "failed", detail: "disk full" }),
      entry({ result: "unchanged", at: new Date("2020-01-01T00:00:00Z") }),
    ];
    for (const line of lines) await history.record(line);
    expect(await history.list({})).toEqual(lines.toReversed());
  });

  test("lists one mirror, and the newest lines only", async () => {
    const { history } = await open();
    for (const to of ["1", "2", "3"]) {
      await history.record(entry({ to }));
      await history.record(entry({ mirror: "jammy", to: `j${to}` }));
    }
    expect((await history.list({ mirror: "noble" })).map(({ to }) => to)).toEqual(["3", "2", "1"]);
    expect((await history.list({ mirror: "jammy", limit: 2 })).map(({ to }) => to)).toEqual(["j3", "j2"]);
    expect((await history.list({ limit: 1 })).map(({ to }) => to)).toEqual(["j3"]);
    expect(await history.list({ mirror: "none" })).toEqual([]);
  });

  test("lists some actions, and lines since a moment", async () => {
    const { history } = await open();
    for (const [hour, action] of (["sync", "stage", "promote", "sync"] as const).entries())
      await history.record(entry({ action, at: at(hour) }));
    const hours = async (query: Parameters<typeof history.list>[0]) =>
      (await history.list(query)).map((line) => line.at.getUTCHours());
    expect(await hours({ actions: ["sync"] })).toEqual([3, 0]);
    expect(await hours({ actions: ["stage", "promote"] })).toEqual([2, 1]);
    expect(await hours({ actions: [] })).toEqual([]);
    expect(await hours({ since: at(2) })).toEqual([3, 2]);
    expect(await hours({ since: new Date(at(2).getTime() + 1) })).toEqual([3]);
    expect(await hours({ actions: ["sync"], since: at(1), mirror: "noble", limit: 5 })).toEqual([3]);
  });

  test("can be read by its owner only", async () => {
    const { directory, path, history } = await open();
    await history.record(entry());
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(directory.join("state")).mode & 0o777).toBe(0o700);
  });

  test("is empty if a writer died before it made the table", async () => {
    const { path, history } = await open();
    await history.record(entry());
    writeFileSync(path, "");
    expect(await history.list({})).toEqual([]);
    await history.record(entry({ to: "after" }));
    expect((await history.list({})).map(({ to }) => to)).toEqual(["after"]);
  });
});

test("keeps every line of several processes that write at once", async () => {
  const { path, history } = await open();
  const write = (who: string): Promise<string> =>
    runNode(`
      ${codeToOpen(path)}
      for (let count = 0; count < 20; count++)
        await history.record({ at: new Date(), mirror: "noble", action: "sync", who: ${JSON.stringify(who)}, result: "done" });`);
  await Promise.all(["a", "b", "c", "d"].map(write));
  const counts = Map.groupBy(await history.list({}), ({ who }) => who);
  expect(["a", "b", "c", "d"].map((who) => counts.get(who)?.length)).toEqual([20, 20, 20, 20]);
});

test("can be read without write permission, and leaves no file beside it", async () => {
  const { directory, path, history } = await open();
  await history.record(entry({ action: "stage" }));
  await history.record(entry({ action: "promote" }));
  expect(await readAsOther(path)).toEqual(["promote", "stage"]);
  expect(readdirSync(directory.join("state"))).toEqual(["history.db"]);
});

test("names a damaged file, and says what to do", async () => {
  const directory = await temporaryDirectory();
  onTestFinished(() => directory[Symbol.asyncDispose]());
  const path = directory.join("history.db");
  writeFileSync(path, "x".repeat(4096));
  const damaged = expect.objectContaining({
    code: "HISTORY_DAMAGED",
    message: expect.stringContaining(path),
  });
  await expect(openHistory(path, { pause: pauseFor, signal }).list({})).rejects.toThrow(damaged);
});
