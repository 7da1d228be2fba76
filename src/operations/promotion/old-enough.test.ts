import { describe, expect, test } from "vitest";
import { findings, type SnapshotTest } from "../../gates/index.ts";
import { messageOfEvent } from "../../report/words/messages/index.ts";
import type { MirrorContext } from "../context.ts";
import { publishSnapshot } from "../production/publish-snapshot.ts";
import { createSnapshot } from "../snapshots/create-snapshot.ts";
import { hoursMs, openSite, rollBackOne, type Site, suiteFiles } from "../test-support.ts";
import { promoteSnapshots } from "./promote-snapshots.ts";

const days = (count: number): number => hoursMs(24 * count);

/** A snapshot a day: "day-0" in production, and the others not staged. The last one is a day old. */
async function openDays(count: number): Promise<{ readonly site: Site; readonly noble: MirrorContext }> {
  const site = await openSite();
  const noble = site.mirror("noble");
  for (let day = 0; day < count; day++) {
    await site.addTree("noble", suiteFiles("noble", `2026-05-0${day + 1}T00:00:00Z`));
    await createSnapshot(noble, { name: `day-${day}`, stage: false, force: false });
    if (day === 0) await publishSnapshot(noble, "day-0", undefined);
    site.passHours(24);
  }
  site.events.length = 0;
  return { site, noble };
}

/** Replaces the gates: these snapshots fail. */
const failing =
  (...names: readonly string[]) =>
  async (ports: { readonly mirror: { readonly id: string } }, { name }: { readonly name: string }) => {
    const kind = names.includes(name) ? ("failed" as const) : ("passed" as const);
    const verdict = { kind, ...findings(1) };
    const result = {
      criterion: { gate: "min_packages" as const, packages: 2 },
      verdict,
      seconds: 0,
      at: new Date(),
    };
    const found: SnapshotTest = { mirror: ports.mirror.id, snapshot: name, verdict: kind, results: [result] };
    return found;
  };

const promote = (noble: MirrorContext, ageDays: number, ...failed: readonly string[]) =>
  promoteSnapshots([noble], { newestOlderThanMs: days(ageDays) }, failing(...failed));

const shownIn = async ({ publisher }: MirrorContext, link: "production" | "staging") => {
  const shown = await publisher.read(link);
  return shown.kind === "snapshot" ? shown.name : shown.kind;
};

const said = (site: Site): string => site.events.map((event) => messageOfEvent(event)?.text).join("\n");

describe("promote --newest-older-than", () => {
  test("promotes the newest snapshot that is old enough, and stages nothing", async () => {
    const { site, noble } = await openDays(5);
    expect((await promote(noble, 2)).map(({ snapshot }) => snapshot.name)).toEqual(["day-3"]);
    expect([await shownIn(noble, "production"), await shownIn(noble, "staging")]).toEqual(["day-3", "none"]);
    expect(said(site)).toContain(
      "1 snapshot of noble is not 2d old yet; day-4 is from 2026-05-10 03:02:01 UTC on",
    );
    expect((await noble.history.list({ limit: 1 }))[0]).toMatchObject({
      action: "promote",
      from: "day-0",
      to: "day-3",
    });
  });

  test("passes over what fails a gate, and says why", async () => {
    const { site, noble } = await openDays(5);
    await promote(noble, 2, "day-3");
    expect(await shownIn(noble, "production")).toBe("day-2");
    expect(said(site)).toContain("Passing over day-3 of noble: it fails the gate min_packages: 1 package");
  });

  test("passes over what was rolled back", async () => {
    const { noble } = await openDays(5);
    await promote(noble, 2);
    await rollBackOne(noble, { reason: "broken" });
    await promote(noble, 2);
    expect(await shownIn(noble, "production")).toBe("day-2");
  });

  test("leaves production that shows the newest one already", async () => {
    const { site, noble } = await openDays(5);
    await promote(noble, 2);
    site.events.length = 0;
    expect((await promote(noble, 2)).map(({ snapshot }) => snapshot.name)).toEqual(["day-3"]);
    expect(said(site)).toContain("day-3 is in production of noble already: nothing changes");
    expect(await noble.history.list({ actions: ["promote"] })).toHaveLength(1);
  });

  test("never goes back to what is older than production", async () => {
    const { noble } = await openDays(5);
    await publishSnapshot(noble, "day-4", undefined);
    expect((await promote(noble, 3)).map(({ snapshot }) => snapshot.name)).toEqual(["day-4"]);
  });

  test("takes a snapshot that repeats an older one for as old as that", async () => {
    const { noble } = await openDays(3);
    await createSnapshot(noble, { name: "repeats-day-2", stage: false, force: false });
    expect((await promote(noble, 1)).map(({ snapshot }) => snapshot.name)).toEqual(["repeats-day-2"]);
  });

  test("is refused if nothing that is old enough passes", async () => {
    const { noble } = await openDays(4);
    await expect(promote(noble, 2, "day-1", "day-2")).rejects.toMatchObject({
      code: "PROMOTION_REFUSED",
      area: "gate",
      message: expect.stringMatching(/^noble: day-2 fails the gate .*^noble: day-1 fails the gate /ms),
      hint: "Nothing was promoted: no snapshot that is newer than production and 2d old passes.",
    });
    expect(await shownIn(noble, "production")).toBe("day-0");
  });

  test("is refused with the time to wait for if nothing is in production", async () => {
    const { noble } = await openDays(2);
    await noble.publisher.hide("production");
    await expect(promote(noble, 9)).rejects.toMatchObject({
      code: "PROMOTION_REFUSED",
      message: "noble has no snapshot that is 9d old, and nothing in production",
      hint: "day-0 is old enough from 2026-05-13 03:02:01 UTC on.",
    });
  });

  test("moves several mirrors together, each to its own snapshot", async () => {
    const { site, noble } = await openDays(5);
    const jammy = site.mirror("jammy");
    await site.addTree("jammy", suiteFiles("jammy", "2026-05-01T00:00:00Z"));
    await createSnapshot(jammy, { name: "only", stage: false, force: false });
    const both = (ageDays: number) =>
      promoteSnapshots([noble, jammy], { newestOlderThanMs: days(ageDays) }, failing());
    await expect(both(2)).rejects.toThrow("jammy has no snapshot that is 2d old");
    expect(await shownIn(noble, "production")).toBe("day-0");
    site.passHours(48);
    expect((await both(2)).map(({ snapshot }) => snapshot.name)).toEqual(["day-4", "only"]);
  });

  test("with force promotes the newest that is old enough, whatever speaks against it", async () => {
    const { noble } = await openDays(4);
    const options = { newestOlderThanMs: days(2), force: true, reason: "urgent" } as const;
    await promoteSnapshots([noble], options, failing("day-2"));
    expect(await shownIn(noble, "production")).toBe("day-2");
  });
});
