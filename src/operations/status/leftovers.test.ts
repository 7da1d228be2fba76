import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openApp } from "../../../test/support/open-app.ts";
import { promoteSnapshots } from "../promotion/promote-snapshots.ts";
import { createSnapshot } from "../snapshots/create-snapshot.ts";
import { configText, openSite, type Site, suiteFiles } from "../test-support.ts";
import { findLeftovers } from "./leftovers.ts";

/** The configuration of the site without its mirror jammy. */
async function leftoversOf(site: Site, extra = "") {
  const dir = site.directory.join("www");
  const [text = ""] = configText(dir, extra).split("[mirrors.jammy]");
  return findLeftovers((await openApp({ text, path: site.directory.join("mirror.toml") })).app);
}

const stateAndLocks = [
  ".mirrorctl/state/jammy.json",
  ".mirrorctl/locks/jammy.lock",
  ".mirrorctl/locks/jammy.lock.holder",
  ".mirrorctl/locks/jammy.snapshots.lock",
  ".mirrorctl/locks/jammy.snapshots.lock.holder",
];

describe("mirrors that are no longer in the configuration", () => {
  test("are listed with a minimum size and the paths to remove", async () => {
    const site = await openSite();
    for (const [index, day] of ["01", "02"].entries()) {
      await site.addTree("jammy", suiteFiles("jammy", `2026-05-${day}T00:00:00Z`));
      await createSnapshot(site.mirror("jammy"), { name: `s${index}`, stage: true, force: false });
    }
    await promoteSnapshots([site.mirror("jammy")], {});
    const snapshots = await site.mirror("jammy").catalog.list();
    const sizes = snapshots.map(({ meta }) => meta.sizeBytes);
    const paths = ["jammy", ".snapshots/jammy", ".mirrorctl/trees/jammy", ...stateAndLocks].map((path) =>
      site.directory.join("www", path),
    );
    expect(await leftoversOf(site)).toEqual([
      {
        mirror: "jammy",
        configured: false,
        snapshots: 2,
        sizeBytesAtLeast: Math.max(...sizes),
        paths,
      },
    ]);
    for (const path of paths) rmSync(path, { recursive: true });
    expect(await leftoversOf(site)).toEqual([]);
  });

  test("are found by their working mirror alone, or by their snapshots alone", async () => {
    const site = await openSite();
    const jammy = site.mirror("jammy");
    await site.addTree("jammy", suiteFiles("jammy", "2026-05-01T00:00:00Z"));
    expect(await leftoversOf(site)).toMatchObject([
      { mirror: "jammy", snapshots: 0, sizeBytesAtLeast: undefined },
    ]);
    const state = jammy.memory.read();
    if (state === undefined) throw new Error("the sync left no state");
    jammy.memory.write({ ...state, counts: { files: 3, packages: 1, sizeBytes: 1234 } });
    expect(await leftoversOf(site)).toMatchObject([{ mirror: "jammy", sizeBytesAtLeast: 1234 }]);
    await createSnapshot(jammy, { name: "one", stage: false, force: false });
    rmSync(jammy.layout.trees, { recursive: true });
    expect(await leftoversOf(site)).toMatchObject([{ mirror: "jammy", snapshots: 1 }]);
  });

  test("are looked for wherever a mirror that is configured has its snapshots", async () => {
    const site = await openSite();
    const elsewhere = site.directory.join("elsewhere");
    mkdirSync(join(elsewhere, "jammy/.meta"), { recursive: true });
    mkdirSync(join(elsewhere, "somebody's"), { recursive: true });
    const found = await leftoversOf(site, `[mirrors.noble.snapshot]\npath = "${elsewhere}"\n`);
    expect(found).toMatchObject([{ mirror: "jammy", snapshots: 0, paths: [join(elsewhere, "jammy")] }]);
  });

  test("do not include directories that mirrorctl did not make", async () => {
    const site = await openSite();
    const dir = site.directory.join("www");
    mkdirSync(join(dir, "keys"));
    mkdirSync(join(dir, ".snapshots/backup/one"), { recursive: true });
    mkdirSync(join(dir, ".mirrorctl/trees/Not An Id"), { recursive: true });
    writeFileSync(join(dir, ".mirrorctl/trees/file"), "");
    expect(await leftoversOf(site)).toEqual([]);
  });
});
