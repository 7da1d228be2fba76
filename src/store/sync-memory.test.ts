import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { listFiles, temporaryDirectory } from "../../test/support/index.ts";
import type { TreeFacts } from "../contents/index.ts";
import { normalizePath } from "../repository/index.ts";
import { type LackedFile, openSyncMemory, type SyncState } from "./sync-memory.ts";

const state: SyncState = {
  generation: "20260504T030201.000Z",
  completedAt: "2026-05-04T03:02:01.000Z",
  selection: "{}",
  suites: [
    { suite: "stable", signedBy: ["871920D1991BC93C"], etag: '"1"', lastModified: undefined },
    { suite: "flat/", signedBy: [] },
  ],
};

const facts: TreeFacts = {
  suites: ["stable", "flat/"],
  sections: ["main"],
  architectures: ["amd64"],
  source: false,
  kinds: { contents: true, translations: true, dep11: true, cnf: true, installer: false },
  filters: { keepVersions: 1, excludePatterns: ["^linux-"] },
  allowWeak: false,
  missing: ["dists/stable/main/i18n/Translation-de"],
  signatureFiles: { "dists/stable/InRelease": "0".repeat(64) },
};

async function open() {
  const directory = await temporaryDirectory();
  onTestFinished(() => directory[Symbol.asyncDispose]());
  const path = directory.join("state/noble.json");
  const damageMark = directory.join("state/noble.damaged");
  const unsweptMark = directory.join("state/noble.unswept");
  return { directory, path, memory: openSyncMemory({ syncState: path, damageMark, unsweptMark }) };
}

test("returns what was written, readable by its owner only", async () => {
  const { directory, path, memory } = await open();
  memory.write(state);
  memory.write({ ...state, selection: "other" });
  expect(memory.read()).toEqual({ format: 1, ...state, selection: "other" });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(directory.join("state")).mode & 0o777).toBe(0o700);
  expect(await listFiles(directory.path)).toEqual(["state/noble.json"]);
});

test("returns the facts of the tree, and the rest if those cannot be read", async () => {
  const { path, memory } = await open();
  memory.write({ ...state, facts });
  expect(memory.read()).toEqual({ format: 1, ...state, facts });
  writeFileSync(path, readFileSync(path, "utf8").replace("^linux-", "("));
  expect(memory.read()).toEqual({ format: 1, ...state, facts: undefined });
});

test("remembers the damaged generation, readable by its owner only", async () => {
  const { directory, memory } = await open();
  expect(memory.damagedGeneration()).toBeUndefined();
  memory.markDamaged("20260503T030201.000Z");
  memory.markDamaged(state.generation);
  expect(memory.damagedGeneration()).toBe(state.generation);
  expect(statSync(directory.join("state/noble.damaged")).mode & 0o777).toBe(0o600);
});

test("knows nothing before the first sync", async () => {
  expect((await open()).memory.read()).toBeUndefined();
});

test.each([
  ["is cut", (text: string) => text.slice(0, -10)],
  ["is empty", () => ""],
  ["is of another format", (text: string) => text.replace('"format":1', '"format":2')],
  ["lacks a field", (text: string) => text.replace('"selection"', '"selektion"')],
  ["is not an object", () => "[]"],
])("asks for everything again if the file %s", async (_how, damage) => {
  const { directory, path, memory } = await open();
  memory.write(state);
  expect(memory.read()).toBeDefined();
  mkdirSync(directory.join("state"), { recursive: true });
  writeFileSync(path, damage(readFileSync(path, "utf8")));
  expect(memory.read()).toBeUndefined();
});

const lacked: LackedFile = {
  file: {
    path: normalizePath("pool/a.deb"),
    sizeBytes: 3,
    digests: { sha256: "0".repeat(64) },
    source: "Packages",
  },
  problem: "pool/a.deb: 404",
};

test("returns what the tree lacks", async () => {
  const { memory } = await open();
  const sent = { etag: '"1"' };
  const lacking = [lacked, { ...lacked, file: { ...lacked.file, sizeBytes: undefined }, sent }];
  memory.write({ ...state, lacking });
  expect(memory.read()?.lacking).toEqual(lacking);
});

test("does not read a path that leads out of the tree", async () => {
  const { path, memory } = await open();
  memory.write({ ...state, lacking: [lacked] });
  writeFileSync(path, readFileSync(path, "utf8").replace("pool/a.deb", "../a.deb"));
  expect(memory.read()).toBeUndefined();
});

test("remembers that a sync was cut off before it freed its space", async () => {
  const { directory, memory } = await open();
  expect(memory.isFreeing()).toBe(false);
  memory.beginFreeing();
  expect(memory.isFreeing()).toBe(true);
  memory.endFreeing();
  expect(memory.isFreeing()).toBe(false);
  expect(await listFiles(directory.path)).toEqual([]);
});
