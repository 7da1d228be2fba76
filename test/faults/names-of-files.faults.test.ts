/** Files that have as many names as the file system allows: 65,000 on ext4, which many snapshots with equal indices reach. */
import { join } from "node:path";
import { afterEach, expect, onTestFinished, test } from "vitest";
import { publishSnapshot } from "../../src/operations/production/publish-snapshot.ts";
import { type DigestName, digestNames } from "../support/digests.ts";
import { createTestbed, readTree, type Testbed } from "../support/index.ts";
import { Site } from "../support/site.ts";
import { fileSystem } from "./faulty-fs.ts";
import { unheldObjects } from "./problems.ts";

const extra = `publish_to_staging = true
[mirrors.noble.snapshot]
default_name_format = "2006-01-02"
prune = { keep_last = 3 }
`;

afterEach(() => {
  fileSystem.namesMax = Number.POSITIVE_INFINITY;
});

/** Each index has a name by each of the digests. */
async function openOrigin(digests: readonly DigestName[]): Promise<Testbed> {
  const origin = await createTestbed({});
  onTestFinished(() => origin[Symbol.asyncDispose]());
  origin.upstream
    .suite("noble", { compressions: ["gz"], digests })
    .addPackage("stays", "1.0")
    .addPackage("changes", "0");
  return origin;
}

test.each([
  [4, digestNames],
  [5, digestNames],
  [23, digestNames],
  [4, ["SHA512"] as const],
])("syncs, snapshots and promotions go on if a file may have %i names (%s)", async (namesMax, digests) => {
  const { upstream, server, keyFile } = await openOrigin(digests);
  const site = await Site.make({ url: server.url, keyFile, extra });
  onTestFinished(() => site[Symbol.asyncDispose]());
  const noble = site.mirror("noble");
  fileSystem.namesMax = namesMax;
  for (const version of ["1", "2", "3", "4", "5"]) {
    upstream.suite("noble").removePackage("changes").addPackage("changes", version);
    await upstream.publish();
    await site.sync("noble");
    const [newest] = await noble.catalog.list();
    await publishSnapshot(noble, newest?.name ?? "", undefined);
    const live = await readTree(join(site.dir, "noble/.live"));
    const shown = await readTree(join(site.dir, "noble/current"));
    for (const [path, digest] of live) expect(shown.get(path)).toBe(digest);
    site.passHours(24);
  }
  await site.repair("noble");
  expect(unheldObjects(site)).toEqual([]);
});
