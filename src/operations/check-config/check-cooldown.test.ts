import { expect, test } from "vitest";
import { remarkText } from "../../report/words/config-remarks.ts";
import { openSite, suiteFiles } from "../test-support.ts";
import { remarksOnCooldown } from "./check-cooldown.ts";

/** Returns the remarks on a mirror whose Release is valid for so many days. */
async function remarks(
  gates: string,
  { prune = 'keep_within = "8d"', validDays = 30 } = {},
): Promise<readonly string[]> {
  const site = await openSite(`[mirrors.noble.snapshot.prune]\n${prune}\n[mirrors.noble.gates]\n${gates}`);
  const validUntil = new Date(Date.UTC(2026, 4, 1 + validDays)).toISOString();
  await site.addTree("noble", suiteFiles("noble", "2026-05-01T00:00:00Z", validUntil));
  return remarksOnCooldown(site.mirror("noble")).map(remarkText);
}

const week = 'min_package_age = "7d"';

test("a cooldown that snapshots and Releases outlast is fine", async () => {
  expect(await remarks(week)).toEqual([]);
  expect(await remarks(week, { prune: "keep_last = 8" })).toEqual([]);
  expect(await remarks("", { prune: "keep_last = 1", validDays: 1 })).toEqual([]);
});

test.each([
  ['keep_within = "6d"', "6d"],
  ["keep_last = 5", "4d"],
  ['keep_last = 0\nkeep_within = "12h"', "12h"],
])("snapshots that %j keeps are pruned before they are old enough", async (prune, kept) => {
  expect(await remarks(week, { prune })).toEqual([
    expect.stringContaining(
      `noble: min_package_age is 7d, and with a sync a day no snapshot is kept longer than ${kept}:`,
    ),
  ]);
});

test("a Release that expires before its snapshot is old enough is named", async () => {
  expect(await remarks(week, { validDays: 7 })).toEqual([
    expect.stringContaining(
      "a Release of noble is valid for 7d: a snapshot that is old enough as a whole has expired.",
    ),
  ]);
  expect(await remarks(`${week}\nexempt = ["mirror:nob*"]`, { validDays: 7 })).toEqual([]);
});
