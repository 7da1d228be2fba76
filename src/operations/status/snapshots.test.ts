import { describe, expect, test } from "vitest";
import { createSnapshot } from "../snapshots/create-snapshot.ts";
import { hoursMs, openSite, type Site, suiteFiles } from "../test-support.ts";
import { showStatus } from "./show-status.ts";

const plain = { stage: false, force: false };
const first = suiteFiles("noble", "2026-05-01T00:00:00Z");
const second = suiteFiles("noble", "2026-05-02T00:00:00Z");

/** Makes a snapshot of the working mirror each hour, first adding the tree of these files, if any. */
async function siteOf(table: string, ...syncs: readonly (typeof first | undefined)[]): Promise<Site> {
  const site = await openSite(`[mirrors.noble.snapshot]\n${table}`);
  for (const files of syncs) {
    site.now = new Date(site.now.getTime() + hoursMs(1));
    if (files !== undefined) await site.addTree("noble", files);
    await createSnapshot(site.mirror("noble"), plain);
  }
  return site;
}

const notesOf = async (site: Site) => (await showStatus(site.mirror("noble"))).notes;

describe("status", () => {
  test("says how many of the newest snapshots repeat another one", async () => {
    const site = await siteOf("", first, undefined, second, undefined, undefined);
    expect(await notesOf(site)).toEqual([
      { kind: "identical-snapshots", repeated: 3, newest: 5, keepLast: 5 },
    ]);
    expect((await showStatus(site.mirror("noble"))).concerns).toEqual([{ kind: "history-lost" }]);
  });

  test.each([
    ["with skip_unchanged", "skip_unchanged = true\n", [first, undefined]],
    ["of different snapshots", "", [first, second]],
    ["of identical ones beyond keep_last", "prune = { keep_last = 2 }\n", [first, undefined, second]],
    ["where keep_last keeps none", "prune = { keep_last = 0 }\n", [first, undefined]],
  ])("says nothing %s", async (_what, table, syncs) => {
    expect(await notesOf(await siteOf(table, ...syncs))).toEqual([]);
  });

  test("takes snapshots of two syncs that found the same for identical", async () => {
    const site = await siteOf("", first, second);
    const { catalog } = site.mirror("noble");
    const facts = { ...emptyFacts, signatureFiles: { "dists/noble/InRelease": "a".repeat(64) } };
    const glance = (others: Partial<typeof facts>) => async () =>
      (await catalog.glance()).map((one, index) => ({
        ...one,
        meta: { ...one.meta, facts: index === 0 ? { ...facts, ...others } : facts },
      }));
    const notes = async (others: Partial<typeof facts>) =>
      (await showStatus({ ...site.mirror("noble"), catalog: { ...catalog, glance: glance(others) } })).notes;
    expect(await notes({})).toHaveLength(1);
    expect(await notes({ missing: ["pool/a"] })).toEqual([]);
    expect(await notes({ signatureFiles: { "dists/noble/InRelease": "b".repeat(64) } })).toEqual([]);
  });
});

describe("a clock that was ahead", () => {
  test("needs a person, who learns what to delete, until the time has come", async () => {
    const site = await siteOf("skip_unchanged = true\n", first);
    const start = site.now;
    const ahead = async () =>
      (await showStatus(site.mirror("noble"))).concerns.filter(({ kind }) => kind === "snapshots-ahead");
    site.now = new Date("2036-01-01T00:00:00Z");
    await site.addTree("noble", second);
    await createSnapshot(site.mirror("noble"), plain);
    expect(await ahead()).toEqual([]);
    site.now = start;
    const at = new Date("2036-01-01T00:00:00Z");
    expect(await ahead()).toEqual([
      { kind: "snapshots-ahead", mirror: "noble", names: ["2036-01-01T00-00-00Z"], at },
    ]);
    site.now = new Date(at.getTime() - hoursMs(24));
    expect(await ahead()).toEqual([]);
  });
});

const emptyFacts = {
  suites: ["noble"],
  sections: ["main"],
  architectures: ["amd64"],
  source: false,
  kinds: { contents: true, translations: true, dep11: true, cnf: true, installer: false },
  filters: { keepVersions: 0, excludePatterns: [] },
  allowWeak: false,
  missing: [] as string[],
  signatureFiles: {} as Record<string, string>,
};
