import { expect, test } from "vitest";
import type { ChangelogEntry } from "./changelog.ts";
import { newerEntries } from "./newer-entries.ts";

const entry = (version: string, fields: Partial<ChangelogEntry> = {}): ChangelogEntry => ({
  source: "hello",
  version,
  distributions: ["unstable"],
  urgency: "medium",
  isBinaryOnly: false,
  keys: {},
  body: `  * CVE-2026-${version.replaceAll(/\D/g, "").padStart(5, "0")}.`,
  maintainer: undefined,
  date: undefined,
  ...fields,
});

const changelog = (versions: readonly string[], isCut = false) => ({
  entries: versions.map((version) => entry(version)),
  isCut,
});

const versionsOf = (versions: readonly string[], old: string | undefined) =>
  newerEntries(changelog(versions), old).entries.map(({ version }) => version);

test.each([
  ["up to the old version", ["1.10-1", "1.9-1", "1.8-1"], "1.8-1", ["1.10-1", "1.9-1"]],
  ["up to an older one", ["1.10-1", "1.8-1"], "1.9-1", ["1.10-1"]],
  ["in the order of dpkg", ["1.0", "1.0~rc2", "1.0~rc1"], "1.0~rc1", ["1.0", "1.0~rc2"]],
  ["through a backport", ["2-1~bpo12+1", "2-1", "1-1~bpo12+1"], "1-1~bpo12+1", ["2-1~bpo12+1", "2-1"]],
  ["up to the first that is not newer", ["3", "1", "2"], "1", ["3"]],
  ["all, if none is old", ["3", "2"], "1", ["3", "2"]],
  ["none, if nothing is newer", ["3", "2"], "3", []],
  ["the newest one of a new package", ["3", "2"], undefined, ["3"]],
  ["none of an empty changelog", [], "1", []],
])("takes entries: %s", (_what, versions, old, newer) => {
  expect(versionsOf(versions, old)).toEqual(newer);
});

test("says that entries are missing only if the old version is not reached", () => {
  expect(newerEntries(changelog(["3", "2"], true), "1").isCut).toBe(true);
  expect(newerEntries(changelog(["3", "2"], true), "2").isCut).toBe(false);
  expect(newerEntries(changelog(["3", "2"], false), "1").isCut).toBe(false);
  expect(newerEntries(changelog(["3", "2"], true), undefined).isCut).toBe(false);
});

test("has the references of the newer entries alone", () => {
  expect(newerEntries(changelog(["3", "2", "1"]), "1").cves).toEqual(["CVE-2026-00003", "CVE-2026-00002"]);
});

test.each([
  [["low", "emergency", "high"], "emergency"],
  [["emergency", "critical"], "critical"],
  [["whatever", "low"], "low"],
  [["whatever", undefined], undefined],
])("the urgency of %j is %s", (urgencies, urgency) => {
  const entries = urgencies.map((one, at) => entry(String(9 - at), { urgency: one }));
  expect(newerEntries({ entries, isCut: false }, "0").urgency).toBe(urgency);
});
