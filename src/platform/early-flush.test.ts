import { expect, onTestFinished, test, vi } from "vitest";
import { temporaryDirectory } from "../../test/support/index.ts";
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

test("does nothing without coreutils", async () => {
  vi.stubEnv("PATH", "");
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const flush = new EarlyFlush((await directory()).path, signal);
  flush.wrote(much);
  await expect(flush.end()).resolves.toBeUndefined();
});

test("a flush that ends with its run does not fail", async () => {
  const flush = new EarlyFlush((await directory()).join("none"), AbortSignal.abort());
  flush.wrote(much);
  await expect(flush.end()).resolves.toBeUndefined();
});
