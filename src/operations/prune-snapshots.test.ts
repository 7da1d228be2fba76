import { describe, expect, test } from "vitest";
import { createSnapshot } from "./create-snapshot.ts";
import { pruneSnapshots } from "./prune-snapshots.ts";
import { publishSnapshot } from "./publish-snapshot.ts";
import { stageSnapshot } from "./stage-snapshot.ts";
import { hoursMs, openSite, suiteFiles } from "./test-support.ts";

/** "a" to "f", a day apart; "a" left production for "b" ten hours before now, and "c" is staged. */
async function agedSite() {
  const site = await openSite('[mirrors.noble.snapshot.prune]\nkeep_last = 1\nkeep_within = "36h"');
  const noble = site.mirror("noble");
  const start = site.now.getTime();
  for (const [index, name] of ["a", "b", "c", "d", "e", "f"].entries()) {
    site.now = new Date(start + index * hoursMs(24));
    site.bring("noble", suiteFiles("noble", `2026-05-0${index + 1}T00:00:00Z`));
    await createSnapshot(noble, { name, stage: false, force: false });
  }
  publishSnapshot(noble, "a", undefined);
  publishSnapshot(noble, "b", undefined);
  stageSnapshot(noble, "c");
  site.now = new Date(site.now.getTime() + hoursMs(10));
  const names = (): string =>
    noble.catalog
      .list()
      .map(({ name }) => name)
      .join("");
  return { site, noble, names };
}

const reasons = (decisions: Awaited<ReturnType<typeof pruneSnapshots>>): object =>
  Object.fromEntries(decisions.map(({ candidate, keptBecause }) => [candidate.name, keptBecause]));

describe("prune", () => {
  test("says of each snapshot why it is kept, and deletes the others", async () => {
    const { site, noble, names } = await agedSite();
    site.events.length = 0;
    expect(reasons(await pruneSnapshots(noble, { dryRun: false }))).toEqual({
      f: ["among the newest 1", "within the time to keep"],
      e: ["within the time to keep"],
      d: [],
      c: ["staged"],
      b: ["in production"],
      a: ["left production within the grace time"],
    });
    expect(names()).toBe("fecba");
    expect(site.typesOfEvents()).toEqual(["snapshot-deleted"]);
    expect(noble.history.list({ limit: 1 })[0]).toMatchObject({ action: "delete", from: "d" });
  });

  test("lets go what left production before the grace time", async () => {
    const { site, noble, names } = await agedSite();
    site.now = new Date(site.now.getTime() + hoursMs(14));
    await pruneSnapshots(noble, { keepLast: 0, dryRun: false });
    expect(names()).toBe("fcb");
  });

  test("deletes nothing in a dry run, and needs no lock for it", async () => {
    const { noble, names } = await agedSite();
    using _lock = noble.lock("sync");
    const decisions = await pruneSnapshots(noble, { dryRun: true });
    expect(decisions.filter(({ keep }) => !keep).map(({ candidate }) => candidate.name)).toEqual(["d"]);
    expect(names()).toBe("fedcba");
    await expect(pruneSnapshots(noble, { dryRun: false })).rejects.toMatchObject({ code: "LOCK_HELD" });
  });

  test("takes the rules of the command in place of those of the configuration", async () => {
    const { noble, names } = await agedSite();
    await pruneSnapshots(noble, { keepLast: 4, keepWithinMs: 0, dryRun: false });
    expect(names()).toBe("fedcba");
    await pruneSnapshots(noble, { keepLast: 0, keepWithinMs: 0, dryRun: false });
    expect(names()).toBe("cba");
  });
});
