import { appendFileSync, statSync, writeFileSync } from "node:fs";
import { describe, expect, onTestFinished, test } from "vitest";
import { temporaryDirectory } from "../../test/support/index.ts";
import { type FirstSeen, openFirstSeen } from "./first-seen.ts";

const digest = (letter: string): string => letter.repeat(64);
const monday = new Date("2026-05-04T03:02:01.007Z");
const friday = new Date("2026-05-08T00:00:00.000Z");

async function openRecord(): Promise<{ readonly record: FirstSeen; readonly path: string }> {
  const directory = await temporaryDirectory();
  onTestFinished(() => directory[Symbol.asyncDispose]());
  const path = directory.join("noble.first-seen");
  return { record: openFirstSeen({ firstSeen: path }), path };
}

const all = ["a", "b", "c"].map(digest);
const read = async (record: FirstSeen) => Object.fromEntries(await record.timesOf(new Set(all)));

describe("the record of when files were first seen", () => {
  test("keeps the first time of each digest", async () => {
    const { record } = await openRecord();
    expect(record.exists()).toBe(false);
    expect(await read(record)).toEqual({});
    record.replace(new Map([[digest("a"), monday]]));
    expect(record.exists()).toBe(true);
    record.add([digest("a"), digest("b")], friday);
    record.add([digest("b")], monday); // a clock went back: the bytes were there then
    expect(await read(record)).toEqual({ [digest("a")]: monday, [digest("b")]: monday });
    expect(Object.fromEntries(await record.timesOf(new Set([digest("c")])))).toEqual({});
  });

  test("keeps SHA-512 for files that are listed with nothing else", async () => {
    const { record } = await openRecord();
    record.replace(new Map());
    record.add(["d".repeat(128)], friday);
    expect(await record.timesOf(new Set(["d".repeat(128)]))).toEqual(new Map([["d".repeat(128), friday]]));
    expect(await record.timesOf(new Set([digest("d")]))).toEqual(new Map());
  });

  test("passes over lines that a killed run or a power cut left", async () => {
    const { record, path } = await openRecord();
    record.replace(new Map([[digest("a"), friday]]));
    appendFileSync(path, `\n${monday.toISOString()} ${digest("b").slice(0, 40)}`);
    record.add([digest("c")], friday);
    appendFileSync(path, `${"\0".repeat(200)}\n2026-13-40T99:99:99.000Z ${digest("a")}\nsomething else\n`);
    expect(await read(record)).toEqual({ [digest("a")]: friday, [digest("c")]: friday });
  });

  test("is missing if its file is empty", async () => {
    const { record, path } = await openRecord();
    writeFileSync(path, "");
    expect(record.exists()).toBe(false);
  });

  test("is read across the chunks of a large file", async () => {
    const { record } = await openRecord();
    const digests = Array.from({ length: 30_000 }, (_, index) => index.toString(16).padStart(64, "0"));
    record.replace(new Map(digests.map((one) => [one, monday])));
    expect((await record.timesOf(new Set(digests))).size).toBe(30_000);
  });

  test("forgets what is not held once it has doubled", async () => {
    const { record, path } = await openRecord();
    const digests = Array.from({ length: 20_001 }, (_, index) => index.toString(16).padStart(64, "0"));
    record.replace(new Map());
    record.add(digests.slice(0, 9_000), monday);
    expect(await record.hasDoubled()).toBe(false);
    record.add(digests, friday);
    expect(await record.hasDoubled()).toBe(true);
    const held = new Set([digests[0], digests[20_000]]);
    expect(await record.forget((one) => held.has(one))).toBe(19_999);
    expect(await record.hasDoubled()).toBe(false);
    expect([...(await record.timesOf(new Set(digests)))].map(([, at]) => at)).toEqual([monday, friday]);
    expect(statSync(path)).toMatchObject({ mode: 0o100600 });
    expect(statSync(path).size).toBeLessThan(300);
  });
});
