import { describe, expect, test } from "vitest";
import { openApp } from "../../../test/support/open-app.ts";
import { publishSnapshot } from "../production/publish-snapshot.ts";
import { promoteSnapshots } from "../promotion/promote-snapshots.ts";
import { createSnapshot } from "../snapshots/create-snapshot.ts";
import { deleteSnapshots } from "../snapshots/delete-snapshots.ts";
import { configText, openSite, type Site, suiteFiles } from "../test-support.ts";
import { type HistoryRequest, showHistory } from "./show-history.ts";

const all: HistoryRequest = {
  mirror: undefined,
  actions: undefined,
  since: undefined,
  productionOnly: false,
  limit: 50,
};

/** What an app has whose configuration names noble alone: the history is that of the site. */
async function nobleAlone(site: Site) {
  const [text = ""] = configText(site.directory.join("www")).split("[mirrors.jammy]");
  return (await openApp({ text, path: site.directory.join("mirror.toml") })).app;
}

async function siteInUse() {
  const site = await openSite();
  const noble = site.mirror("noble");
  await site.addTree("noble", suiteFiles("noble", "2026-05-01T00:00:00Z"));
  await noble.record({ action: "sync", result: "done" });
  for (const name of ["one", "two"]) await createSnapshot(noble, { name, stage: true, force: false });
  await promoteSnapshots([noble], {});
  await publishSnapshot(noble, "one", "because");
  await deleteSnapshots(noble, ["one"], { force: true });
  for (let hour = 0; hour < 100; hour++) await noble.record({ action: "sync", result: "unchanged" });
  await site.mirror("jammy").record({ action: "sync", result: "failed", detail: "gone" });
  return { site, app: await nobleAlone(site) };
}

describe("the history", () => {
  test("folds lines, then counts those that the limit hides", async () => {
    const { app } = await siteInUse();
    const { entries, lines, total } = await showHistory(app, { ...all, limit: 3 });
    expect(entries.map(({ mirror, result }) => `${mirror} ${result}`)).toEqual([
      "jammy failed",
      "noble unchanged",
      "noble unchanged",
    ]);
    expect(lines.map(({ entry, count }) => `${entry.action} ${count}`)).toEqual([
      "sync 1",
      "sync 100",
      "delete 1",
    ]);
    expect(total).toBe(12); // two were made and staged, one tested, promoted, published and deleted, and a sync before
    expect((await showHistory(app, all)).lines).toHaveLength(12);
  });

  test("lists only what moved production", async () => {
    const { app } = await siteInUse();
    const { lines } = await showHistory(app, { ...all, productionOnly: true });
    expect(lines.map(({ entry: { action, from, to } }) => [action, from, to])).toEqual([
      ["unlink", "one", undefined],
      ["publish", "two", "one"],
      ["promote", undefined, "two"],
    ]);
  });

  test("shows a removed mirror, and refuses an unknown one", async () => {
    const { app } = await siteInUse();
    expect((await showHistory(app, { ...all, mirror: "jammy" })).entries).toHaveLength(1);
    expect((await showHistory(app, { ...all, mirror: "jammy", productionOnly: true })).entries).toEqual([]);
    await expect(showHistory(app, { ...all, mirror: "jamy" })).rejects.toThrow('has no mirror "jamy"');
    const none = await nobleAlone(await openSite());
    expect((await showHistory(none, { ...all, mirror: "noble" })).entries).toEqual([]); // nothing has happened yet
  });

  test("filters by names of actions", async () => {
    const { app } = await siteInUse();
    const actions = ["promote", " publish"];
    expect((await showHistory(app, { ...all, actions })).lines.map(({ entry }) => entry.action)).toEqual([
      "publish",
      "promote",
    ]);
    await expect(showHistory(app, { ...all, actions: ["promote", "publsh"] })).rejects.toThrow(
      '--action: found "publsh", expected one of sync, create, stage, publish, ',
    );
  });
});
