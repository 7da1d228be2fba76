import { DatabaseSync } from "node:sqlite";
import { setImmediate } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { temporaryDirectory } from "../../../test/support/index.ts";
import { recordingOf } from "../../app/recording.ts";
import { pauseFor } from "../../platform/flow/pause.ts";
import type { MirrorNews } from "../../report/events.ts";
import { type History, openHistory } from "./history.ts";

const line = { at: new Date("2026-06-01T00:00:00Z"), mirror: "noble", who: "bob" } as const;
const synced = { ...line, action: "sync", result: "done" } as const;

/** A history with one line, whose file another connection holds as a writer does in its commit. */
async function heldHistory({ pause = pauseFor }: { pause?: typeof pauseFor } = {}) {
  const directory = await temporaryDirectory();
  onTestFinished(() => directory[Symbol.asyncDispose]());
  const path = directory.join("history.db");
  const stop = new AbortController();
  const history = openHistory(path, { pause, signal: stop.signal });
  await history.record(synced);
  const other = new DatabaseSync(path);
  other.exec("BEGIN EXCLUSIVE");
  onTestFinished(() => other.close());
  return { history, stop, release: () => other.exec("COMMIT") };
}

const actionsIn = async (history: History): Promise<readonly string[]> =>
  (await history.list({})).map(({ action, result }) => `${action} ${result}`);

const ignore = (): void => undefined;
const busy = expect.objectContaining({ message: "database is locked" });

describe("a history that another process is writing", () => {
  test("is written and read once it is free, and others have their turn meanwhile", async () => {
    const { history, release } = await heldHistory();
    let isDone = false;
    const lines = history.record({ ...line, action: "stage", result: "done" }).then(async () => {
      isDone = true;
      return await actionsIn(history);
    });
    const read = actionsIn(history);
    for (let turns = 0; turns < 1_000; turns++) await setImmediate();
    expect(isDone).toBe(false);
    release();
    expect(await lines).toEqual(["stage done", "sync done"]);
    expect(await read).toContain("sync done");
  });

  test("keeps the order of a move's two lines", async () => {
    const { history, release } = await heldHistory();
    const recording = recordingOf(history, { mirror: "noble", who: "bob", now: () => line.at, emit: ignore });
    const moved = (async () => {
      const begun = await recording.begin({ action: "promote", to: "one" });
      const before = await actionsIn(history);
      await recording.end(begun, { result: "done", detail: undefined });
      return [before, await actionsIn(history)];
    })();
    await setImmediate();
    release();
    expect(await moved).toEqual([
      ["promote begun", "sync done"],
      ["promote done", "sync done"],
    ]);
  });

  test("is waited for five seconds, and then causes a warning", async () => {
    let waitedMs = 0;
    const pause = async (waitMs: number): Promise<void> => void (waitedMs += waitMs);
    const { history, release } = await heldHistory({ pause });
    const news: MirrorNews[] = [];
    const emit = (one: MirrorNews): void => void news.push(one);
    await recordingOf(history, { mirror: "noble", who: "bob", now: () => line.at, emit }).record(synced);
    expect(waitedMs).toBe(5_000);
    expect(news).toEqual([{ type: "history-unwritten", error: busy }]);
    await expect(history.list({})).rejects.toThrow(busy);
    release();
    expect(await actionsIn(history)).toEqual(["sync done"]);
  });

  test("is not waited for by readers of a run that is aborted, but by its lines", async () => {
    const { history, stop, release } = await heldHistory();
    const read = history.list({});
    const written = history.record({ ...line, action: "stage", result: "done" });
    stop.abort("interrupted");
    await expect(read).rejects.toBe("interrupted");
    release();
    await written;
    expect(await actionsIn(history)).toEqual(["stage done", "sync done"]);
  });
});
