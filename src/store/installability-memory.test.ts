import { statSync, writeFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { temporaryDirectory } from "../../test/support/index.ts";
import { openInstallabilityMemory } from "./installability-memory.ts";

async function open() {
  const directory = await temporaryDirectory();
  onTestFinished(() => directory[Symbol.asyncDispose]());
  const path = directory.join("state/noble.installability");
  return { path, memory: openInstallabilityMemory({ installability: path }) };
}

const found = { checked: 3, uninstallable: [{ name: "a", version: "1" }], undetermined: [] };

test("finds what was kept, readable by its owner only", async () => {
  const { path, memory } = await open();
  expect(memory.find("one")).toBeUndefined();
  memory.keep("one", found);
  memory.keep("two", { ...found, checked: 4 });
  expect([memory.find("one"), memory.find("two")?.checked, memory.find("three")]).toEqual([
    found,
    4,
    undefined,
  ]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("keeps the newest results", async () => {
  const { memory } = await open();
  for (let at = 0; at < 30; at += 1) memory.keep(`key ${at}`, found);
  memory.keep("key 29", found);
  expect([memory.find("key 5"), memory.find("key 6")]).toEqual([undefined, found]);
});

test("has nothing in a file that it cannot read", async () => {
  const { path, memory } = await open();
  memory.keep("one", found);
  writeFileSync(path, "{");
  expect(memory.find("one")).toBeUndefined();
  memory.keep("two", found);
  expect(memory.find("two")).toEqual(found);
});
