import { describe, expect, test } from "vitest";
import { hoursMs, rollBackOne, showBare } from "../test-support.ts";
import { promoteSnapshots } from "./promote-snapshots.ts";
import { ids, inProduction, snapshot, stagedSite } from "./test-support.ts";

describe("promote of the snapshot in production", () => {
  test("says so, and records and carries nothing", async () => {
    const { site, contexts } = await stagedSite();
    await promoteSnapshots(contexts, {});
    site.events.length = 0;
    const [noble = site.mirror("noble")] = contexts;
    const lines = await noble.history.list({});
    expect((await promoteSnapshots(contexts, { reason: "again" })).map((one) => one.snapshot.name)).toEqual([
      "new",
      "new",
    ]);
    expect(site.events).toEqual(ids.map((mirror) => ({ mirror, type: "production-unchanged", name: "new" })));
    expect(await noble.history.list({})).toEqual(lines);
  });

  test("continues with the other mirrors", async () => {
    const { site, contexts } = await stagedSite();
    await promoteSnapshots([site.mirror("noble")], {});
    site.now = new Date(site.now.getTime() + hoursMs(1));
    await promoteSnapshots(contexts, {});
    expect(await inProduction(contexts)).toEqual([snapshot("new"), snapshot("new")]);
    const lines = await Promise.all(
      contexts.map(({ history }) => history.list({ actions: ["promote"], limit: 2 })),
    );
    const times = contexts.map(
      ({ mirror: { id } }, index) => lines[index]?.find(({ mirror }) => mirror === id)?.at,
    );
    expect(times).toEqual([new Date(site.now.getTime() - hoursMs(1)), site.now]);
  });

  test("ends the line of a run that was cut off after production had moved", async () => {
    const { site, contexts } = await stagedSite();
    const [noble = site.mirror("noble")] = contexts;
    await noble.begin({ action: "promote", from: "old", to: "new", reason: "tested" });
    await showBare(noble, "production", "new");
    await promoteSnapshots([noble], {});
    expect(await noble.history.list({ mirror: "noble", limit: 1 })).toMatchObject([
      { action: "promote", result: "done", reason: "tested" },
    ]);
    expect((await rollBackOne(noble)).name).toBe("old");
  });

  test("promotes again if the link was moved back by hand", async () => {
    const { site } = await stagedSite();
    const noble = site.mirror("noble");
    await promoteSnapshots([noble], {});
    await showBare(noble, "production", "old");
    await promoteSnapshots([noble], {});
    expect(await inProduction([noble])).toEqual([snapshot("new")]);
  });
});
