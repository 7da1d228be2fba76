import { expect, onTestFinished, test } from "vitest";
import { temporaryDirectory } from "../../test/support/index.ts";
import { flushTree } from "./flush.ts";

const { signal } = new AbortController();

test("flushing ends, and fails where there is no such path", async () => {
  const directory = await temporaryDirectory();
  onTestFinished(() => directory[Symbol.asyncDispose]());
  await expect(flushTree(directory.path, signal)).resolves.toBeUndefined();
  await expect(flushTree(directory.join("none"), signal)).rejects.toThrow("none");
});
