import { expect, onTestFinished, test, vi } from "vitest";
import { temporaryDirectory } from "../../../test/support/index.ts";
import type * as Flush from "./flush.ts";

const { flushTrees } = await vi.importActual<typeof Flush>("./flush.ts");

const { signal } = new AbortController();

test("flushes a tree, and fails if there is no such path", async () => {
  const directory = await temporaryDirectory();
  onTestFinished(() => directory[Symbol.asyncDispose]());
  await expect(flushTrees([directory.path], signal)).resolves.toBeUndefined();
  await expect(flushTrees([directory.join("none")], signal)).rejects.toThrow("none");
});

test("reports a lost write also to a run that is being stopped", async () => {
  const directory = await temporaryDirectory();
  onTestFinished(() => directory[Symbol.asyncDispose]());
  const lost = flushTrees([directory.join("none")], AbortSignal.abort(new Error("stopped")));
  await expect(lost).rejects.toThrow("none");
});

test("fails on a file system where another flush of the run has failed", async () => {
  const directory = await temporaryDirectory();
  onTestFinished(() => directory[Symbol.asyncDispose]());
  const [run, other] = [new AbortController().signal, new AbortController().signal];
  await expect(flushTrees([directory.path, directory.join("none")], run)).rejects.toThrow("none");
  await expect(flushTrees([directory.path], run)).rejects.toThrow("none");
  await expect(flushTrees([directory.path], other)).resolves.toBeUndefined();
});
