import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { publishSnapshot } from "../production/publish-snapshot.ts";
import { promoteSnapshots } from "../promotion/promote-snapshots.ts";
import { createSnapshot } from "../snapshots/create-snapshot.ts";
import { openSite, type Site } from "../test-support.ts";
import type { Difference } from "./difference.ts";
import { showStatus } from "./show-status.ts";

const digest = (letter: string): string => letter.repeat(64);

/** The metadata of one suite: a Release of that date that lists two indices. */
const files = ({ date = "01", packages = "a", translation = "b" } = {}) => ({
  "dists/noble/Release": [
    `Date: ${new Date(`2026-05-${date}T00:00:00Z`).toUTCString()}`,
    "Architectures: amd64",
    "Components: main",
    "SHA256:",
    ` ${digest(packages)} 1 main/binary-amd64/Packages`,
    ` ${digest(translation)} 1 main/i18n/Translation-en`,
    "",
  ].join("\n"),
  "dists/noble/Release.gpg": "signature",
});

test.each<[string, Readonly<Record<string, string>>, Difference]>([
  ["the same contents", files(), { kind: "same-indices" }],
  ["a Release of another day that lists the same", files({ date: "02" }), { kind: "same-indices" }],
  ["other translations", files({ translation: "c" }), { kind: "other-indices", suites: ["noble"] }],
  ["other packages", files({ packages: "c", translation: "c" }), { kind: "packages", suites: ["noble"] }],
  [
    "no Release that anybody can read",
    { "dists/noble/Release": "?" },
    { kind: "packages", suites: ["noble"] },
  ],
])("staging with %s", async (_what, staged, difference) => {
  const site = await openSite();
  const noble = site.mirror("noble");
  await site.addTree("noble", files());
  await createSnapshot(noble, { name: "one", stage: true, force: false });
  expect((await showStatus(noble)).difference).toBeUndefined(); // nothing is in production
  await promoteSnapshots([noble], {});
  expect((await showStatus(noble)).difference).toEqual({ kind: "same-tree" });
  await site.addTree("noble", staged);
  await createSnapshot(noble, { name: "two", stage: true, force: false });
  expect((await showStatus(noble)).difference).toEqual(difference);
});

const facts = {
  suites: ["noble"],
  sections: ["main"],
  architectures: ["amd64"],
  source: false,
  kinds: { contents: true, translations: true, dep11: true, cnf: true, installer: false },
  filters: { keepVersions: 0, excludePatterns: [] as string[] },
  allowWeak: false,
  missing: [],
  signatureFiles: {},
};

/** Makes and stages a snapshot of a tree whose sync left these facts. */
async function stage(site: Site, name: string, tree: Readonly<Record<string, string>>, of = facts) {
  const noble = site.mirror("noble");
  await site.addTree("noble", tree);
  const state = noble.memory.read();
  if (state === undefined) throw new Error("the sync left no state");
  noble.memory.write({ ...state, facts: of });
  return await createSnapshot(noble, { name, stage: true, force: false });
}

test.each<[string, Readonly<Record<string, string>>, Difference]>([
  ["the same", files({ date: "02" }), { kind: "same-indices" }],
  ["other translations", files({ translation: "c" }), { kind: "other-indices", suites: ["noble"] }],
  ["other packages", files({ packages: "c" }), { kind: "packages", suites: ["noble"] }],
])("records that list %s are compared without the Releases", async (_what, staged, difference) => {
  const site = await openSite();
  const noble = site.mirror("noble");
  const one = await stage(site, "one", files());
  await publishSnapshot(noble, "one", undefined);
  const two = await stage(site, "two", staged);

  for (const { path } of [one, two]) renameSync(join(path, "dists"), join(path, "gone"));
  expect((await showStatus(noble)).difference).toEqual(difference);
  for (const { path } of [one, two]) renameSync(join(path, "gone"), join(path, "dists"));
  forgetDigests(join(noble.layout.snapshotMeta, "one.json"));
  expect((await showStatus(noble)).difference).toEqual(difference);
});

/** Leaves a record as earlier versions wrote it. */
function forgetDigests(path: string): void {
  const { indexDigests, ...meta } = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
  expect(indexDigests).toBeDefined();
  writeFileSync(path, JSON.stringify(meta));
}

test("other filters are another choice of packages from the same indices", async () => {
  const site = await openSite();
  const noble = site.mirror("noble");
  for (const [index, excludePatterns] of [[], ["^linux-"]].entries()) {
    const filters = { keepVersions: 0, excludePatterns };
    await stage(site, `s${index}`, files(), { ...facts, filters });
    if (index === 0) await publishSnapshot(noble, "s0", undefined);
  }
  expect((await showStatus(noble)).difference).toEqual({ kind: "packages", suites: ["noble"] });
});
