import { expect, onTestFinished, test } from "vitest";
import { temporaryDirectory } from "../../test/support/index.ts";
import { flushTrees } from "./flush.ts";

const { signal } = new AbortController();

test("flushes a tree, and fails if there is no such path", async () => {
  const directory = await temporaryDirectory();
  onTestFinished(() => directory[Symbol.asyncDispose]());
  await expect(flushTrees([directory.path], signal)).resolves.toBeUndefined();
  await expect(flushTrees([directory.join("none")], signal)).rejects.toThrow("none");
});
