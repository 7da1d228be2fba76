import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setImmediate } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { temporaryDirectory } from "../../../test/support/index.ts";
import { Interrupted } from "../../report/errors.ts";
import { pauseFor } from "../flow/pause.ts";
import { acquireLock, awaitLock, LockError } from "./lock.ts";

async function lockPath(): Promise<string> {
  const directory = await temporaryDirectory();
  onTestFinished(() => directory[Symbol.asyncDispose]());
  return directory.join("locks/noble.lock");
}

/** A process that holds the lock until it is killed. */
async function holdElsewhere(path: string) {
  const module = JSON.stringify(new URL("./lock.ts", import.meta.url).href);
  const code = `
    const { acquireLock } = await import(${module});
    globalThis.lock = acquireLock(${JSON.stringify(path)}, { holder: "ada: sync (process " + process.pid + ")", what: "mirror noble" });
    process.stdout.write("held");
    setInterval(() => globalThis.lock, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", code], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await exited;
  });
  await Promise.race([once(child.stdout, "data"), exited]);
  return {
    pid: child.pid,
    async kill() {
      child.kill("SIGKILL");
      await exited;
    },
  };
}

const errorOf = (path: string): unknown => {
  try {
    acquireLock(path, { holder: "bob: sync (process 1)", what: "mirror noble" }).release();
    return undefined;
  } catch (error) {
    return error;
  }
};

describe("while another process holds it", () => {
  test("refuses at once, and names the holder", async () => {
    const path = await lockPath();
    const { pid } = await holdElsewhere(path);
    const error = errorOf(path);
    expect(error).toBeInstanceOf(LockError);
    expect(error).toMatchObject({
      area: "lock",
      code: "LOCK_HELD",
      message: `mirror noble is locked by ada: sync (process ${pid})`,
      facts: { lock: path },
    });
    // The one that was refused is not named to the next.
    expect(errorOf(path)).toMatchObject({ message: expect.stringContaining("ada") });
  });

  test("is free as soon as that process is killed with kill -9", async () => {
    const path = await lockPath();
    const holder = await holdElsewhere(path);
    expect(errorOf(path)).toBeInstanceOf(LockError);
    await holder.kill();
    expect(errorOf(path)).toBeUndefined();
  });

  test("leaves other mirrors' locks free", async () => {
    const path = await lockPath();
    await holdElsewhere(path);
    expect(errorOf(`${dirname(path)}/jammy.lock`)).toBeUndefined();
  });
});

describe("within one process", () => {
  test("has one holder at a time, until it is released", async () => {
    const path = await lockPath();
    const lock = acquireLock(path, { holder: "ada: sync (process 1)", what: "mirror noble" });
    expect(errorOf(path)).toBeInstanceOf(LockError);
    lock.release();
    lock.release(); // a second time does no harm
    expect(errorOf(path)).toBeUndefined();
  });

  test("is released at the end of the block that uses it, however it ends", async () => {
    const path = await lockPath();
    expect(() => {
      using _lock = acquireLock(path, { holder: "ada: sync (process 1)", what: "mirror noble" });
      throw new Error("in the middle");
    }).toThrow("in the middle");
    expect(errorOf(path)).toBeUndefined();
  });

  test("is not freed by a second attempt that was refused", async () => {
    const path = await lockPath();
    using _lock = acquireLock(path, { holder: "ada: sync (process 1)", what: "mirror noble" });
    expect(errorOf(path)).toBeInstanceOf(LockError);
    expect(errorOf(path)).toBeInstanceOf(LockError);
  });
});

test("ignores an existing lock file, and hides the holder from other users", async () => {
  const path = await lockPath();
  mkdirSync(dirname(path), { mode: 0o700 });
  writeFileSync(path, "");
  writeFileSync(`${path}.holder`, "somebody long gone\n", { mode: 0o600 });
  using _lock = acquireLock(path, { holder: "ada: sync (process 1)", what: "mirror noble" });
  expect(readFileSync(`${path}.holder`, "utf8")).toBe("ada: sync (process 1)\n");
  expect(statSync(`${path}.holder`).mode & 0o777).toBe(0o600);
});

test("writes nothing except the holder, so that it works on a full disk", async () => {
  const path = await lockPath();
  using _lock = acquireLock(path, { holder: "ada: sync (process 1)", what: "mirror noble" });
  expect(readdirSync(dirname(path)).toSorted()).toEqual(["noble.lock", "noble.lock.holder"]);
  expect(statSync(path).size).toBe(0);
});

test.each([
  ["text", Buffer.from("\0something else")],
  ["a block of zeros and a half", Buffer.concat([Buffer.alloc(4096), Buffer.from("x")])],
  ["the head of a database and nothing else", Buffer.from("SQLite format 3\0".padEnd(200, "\xff"), "latin1")],
])("names a lock file that something wrote to: %s", async (_what, bytes) => {
  const path = await lockPath();
  mkdirSync(dirname(path), { mode: 0o700 });
  writeFileSync(path, bytes);
  expect(errorOf(path)).toMatchObject({
    code: "CANNOT_OPEN",
    message: `mirror noble cannot be locked: ${path} is a lock file, which is always empty, and something has written to it`,
    hint: expect.stringContaining(`rm ${path}`),
  });
  rmSync(path);
  expect(errorOf(path)).toBeUndefined();
});

test("is not held if the holder could not be written", async () => {
  const path = await lockPath();
  mkdirSync(`${path}.holder`, { recursive: true });
  expect(errorOf(path)).toMatchObject({ code: "EISDIR" });
  rmdirSync(`${path}.holder`);
  expect(errorOf(path)).toBeUndefined();
});

test("gives a complete message if a full disk left the holder unnamed", async () => {
  const path = await lockPath();
  using _lock = acquireLock(path, { holder: "ada: sync (process 1)", what: "mirror noble" });
  writeFileSync(`${path}.holder`, "");
  expect(errorOf(path)).toMatchObject({ message: "mirror noble is locked by another process" });
});

test("lets only the owner enter the directory of locks", async () => {
  const path = await lockPath();
  using _lock = acquireLock(path, { holder: "ada", what: "mirror noble" });
  expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
});

test("reports that the file cannot be opened if permission is not the reason", async () => {
  const path = await lockPath();
  mkdirSync(path, { recursive: true });
  expect(errorOf(path)).toMatchObject({
    code: "CANNOT_OPEN",
    area: "store",
    message: `mirror noble cannot be locked: ${path} cannot be opened`,
  });
});

const neverPause = () => Promise.reject(new Error("there is nothing to wait for"));

describe("a lock that is waited for", () => {
  const request = { holder: "bob: sync (process 1)", what: "mirror noble" };
  const { signal } = new AbortController();

  test("is taken as soon as its holder releases it", async () => {
    const path = await lockPath();
    const held = acquireLock(path, { holder: "ada: sync (process 1)", what: "mirror noble" });
    let pauses = 0;
    const pause = async () => {
      if (++pauses === 3) held.release();
    };
    using _lock = await awaitLock(path, request, { waitMs: 2_000, pause, signal });
    expect(pauses).toBe(3);
    expect(readFileSync(`${path}.holder`, "utf8")).toBe("bob: sync (process 1)\n");
  });

  test("is given up after the time it may take, naming the holder", async () => {
    const path = await lockPath();
    using _lock = acquireLock(path, { holder: "ada: sync (process 1)", what: "mirror noble" });
    let waitedMs = 0;
    const pause = async (milliseconds: number) => void (waitedMs += milliseconds);
    const waiting = awaitLock(path, request, { waitMs: 2_000, pause, signal });
    await expect(waiting).rejects.toThrow("mirror noble is locked by ada: sync (process 1)");
    expect(waitedMs).toBe(2_000);
  });

  test("is not waited for once the run is cancelled", async () => {
    const path = await lockPath();
    using _lock = acquireLock(path, { holder: "ada: sync (process 1)", what: "mirror noble" });
    const stop = new AbortController();
    const waiting = awaitLock(path, request, { waitMs: 60_000, pause: pauseFor, signal: stop.signal });
    stop.abort(new Interrupted("SIGTERM"));
    await expect(waiting).rejects.toBe(stop.signal.reason);
  });

  test("lets the event loop turn meanwhile", async () => {
    const path = await lockPath();
    const held = acquireLock(path, { holder: "ada: sync (process 1)", what: "mirror noble" });
    const waiting = awaitLock(path, request, { waitMs: 60_000, pause: pauseFor, signal });
    let turns = 0;
    while (turns < 1000) {
      await setImmediate();
      turns++;
    }
    held.release();
    (await waiting).release();
    expect(turns).toBe(1000);
  });

  test("is not waited for where its file cannot be opened", async () => {
    const path = await lockPath();
    mkdirSync(path, { recursive: true });
    const waiting = awaitLock(path, request, { waitMs: 60_000, pause: neverPause, signal });
    await expect(waiting).rejects.toMatchObject({ code: "CANNOT_OPEN" });
  });
});
