import { writeFileSync } from "node:fs";
import { expect, onTestFinished, test, vi } from "vitest";
import { temporaryDirectory } from "../../../test/support/index.ts";
import { EarlyFlush } from "./early-flush.ts";

const much = 1 << 30;
const { signal } = new AbortController();

async function directory() {
  const made = await temporaryDirectory();
  onTestFinished(() => made[Symbol.asyncDispose]());
  return made;
}

test("flushes a tree once much was written", async () => {
  const flush = new EarlyFlush((await directory()).path, signal);
  for (const bytes of [1, much, 1]) flush.wrote(bytes);
  await expect(flush.end()).resolves.toBeUndefined();
});

test("a flush that fails is an error of what is written next, and at the end", async () => {
  const flush = new EarlyFlush((await directory()).join("none"), signal);
  flush.wrote(much);
  await expect(flush.end()).rejects.toThrow("none");
  expect(() => flush.wrote(1)).toThrow("none");
});

test("leaves what is little to the end", async () => {
  const flush = new EarlyFlush((await directory()).join("none"), signal);
  flush.wrote(1);
  await expect(flush.end()).resolves.toBeUndefined();
});

/** Looks for commands in a directory that has at most this `sync`. */
async function replaceCommand(program?: string, mode = 0o755): Promise<void> {
  const made = await directory();
  if (program !== undefined) writeFileSync(made.join("sync"), `#!/bin/sh\n${program}\n`, { mode });
  vi.stubEnv("PATH", made.path);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
}

async function flushMuch(tree: string, during = signal): Promise<void> {
  const flush = new EarlyFlush(tree, during);
  flush.wrote(much);
  await flush.end();
}

test("does nothing without coreutils", async () => {
  await replaceCommand();
  await expect(flushMuch("tree")).resolves.toBeUndefined();
});

test("a command that cannot be started has hidden no lost write", async () => {
  await replaceCommand("exit 1", 0o644);
  await expect(flushMuch("tree")).resolves.toBeUndefined();
});

test("a flush that is stopped with its run does not fail", async () => {
  await replaceCommand("kill -INT $$");
  await expect(flushMuch("tree", AbortSignal.abort())).resolves.toBeUndefined();
  await expect(flushMuch("tree")).rejects.toThrow("Command failed");
});

test("a lost write is an error also of a run that is being stopped", async () => {
  await replaceCommand("echo lost >&2; exit 1");
  await expect(flushMuch("tree", AbortSignal.abort())).rejects.toThrow("lost");
});
