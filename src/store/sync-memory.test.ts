import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { listFiles, temporaryDirectory } from "../../test/support/index.ts";
import { openSyncMemory, type SyncState } from "./sync-memory.ts";

const state: SyncState = {
  generation: "20260504T030201.000Z",
  completedAt: "2026-05-04T03:02:01.000Z",
  selection: "{}",
  suites: [
    { suite: "stable", signedBy: ["871920D1991BC93C"], etag: '"1"', lastModified: undefined },
    { suite: "flat/", signedBy: [] },
  ],
};

async function open() {
  const directory = await temporaryDirectory();
  onTestFinished(() => directory[Symbol.asyncDispose]());
  const path = directory.join("state/noble.json");
  return { directory, path, memory: openSyncMemory(path) };
}

test("gives back what was written, to its owner alone", async () => {
  const { directory, path, memory } = await open();
  memory.write(state);
  memory.write({ ...state, selection: "other" });
  expect(memory.read()).toEqual({ format: 1, ...state, selection: "other" });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(directory.join("state")).mode & 0o777).toBe(0o700);
  expect(await listFiles(directory.path)).toEqual(["state/noble.json"]);
});

test("knows nothing before the first sync", async () => {
  expect((await open()).memory.read()).toBeUndefined();
});

test.each([
  ["is cut", (text: string) => text.slice(0, -10)],
  ["is empty", () => ""],
  ["is of another format", (text: string) => text.replace('"format":1', '"format":2')],
  ["lacks a field", (text: string) => text.replace('"selection"', '"selektion"')],
  ["is no object", () => "[]"],
])("asks for everything anew where the file %s", async (_how, damage) => {
  const { directory, path, memory } = await open();
  memory.write(state);
  expect(memory.read()).toBeDefined();
  mkdirSync(directory.join("state"), { recursive: true });
  writeFileSync(path, damage(readFileSync(path, "utf8")));
  expect(memory.read()).toBeUndefined();
});
