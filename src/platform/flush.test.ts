import { expect, onTestFinished, test, vi } from "vitest";
import { temporaryDirectory } from "../../test/support/index.ts";
import type * as Flush from "./flush.ts";

const { flushTrees } = await vi.importActual<typeof Flush>("./flush.ts");

const { signal } = new AbortController();

test("flushes a tree, and fails if there is no such path", async () => {
  const directory = await temporaryDirectory();
  onTestFinished(() => directory[Symbol.asyncDispose]());
  await expect(flushTrees([directory.path], signal)).resolves.toBeUndefined();
  await expect(flushTrees([directory.join("none")], signal)).rejects.toThrow("none");
});
