import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openSite, suiteFiles } from "../test-support.ts";
import { createSnapshot } from "./create-snapshot.ts";
import { listSnapshots } from "./list-snapshots.ts";

const dates = { old: "2026-05-01T00:00:00Z", new: "2026-05-02T00:00:00Z" };
const files = suiteFiles("noble", dates.old);
const sizeBytes = Object.values(files).join("").length;
/** Release.gpg is the same in all. */
const sameBytes = "signature".length;

/** A site with a snapshot of the working mirror. */
async function openSnapshot() {
  const site = await openSite();
  const noble = site.mirror("noble");
  await site.addTree("noble", files);
  await createSnapshot(noble, { name: "one", stage: false, force: false });
  return { site, noble, list: () => listSnapshots([noble], { detailed: true }) };
}

test("counts as shared what any other tree has", async () => {
  const { site, noble, list } = await openSnapshot();
  expect(await list()).toMatchObject([{ usage: { uniqueBytes: 0, sharedBytes: sizeBytes } }]);
  const { path = "" } = noble.working.current() ?? {};
  await site.addTree("noble", suiteFiles("noble", dates.new));
  rmSync(path, { recursive: true });
  expect(await list()).toMatchObject([
    { usage: { uniqueBytes: sizeBytes - sameBytes, sharedBytes: sameBytes } },
  ]);
});

test("walks no snapshot whose generation has another tree", async () => {
  const { noble, list } = await openSnapshot();
  const before = await list();
  rmSync(join(noble.layout.snapshots, "one/pool"), { recursive: true }); // as a walk would notice
  expect(await list()).toEqual(before);
});
