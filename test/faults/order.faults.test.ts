/** Data is on disk before a public name leads to it, because a power cut loses what was not flushed. */
import { mkdirSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { MirrorContext } from "../../src/operations/context.ts";
import { publishSnapshot } from "../../src/operations/production/publish-snapshot.ts";
import { promoteSnapshots } from "../../src/operations/promotion/promote-snapshots.ts";
import { createSnapshot } from "../../src/operations/snapshots/create-snapshot.ts";
import { deleteSnapshots } from "../../src/operations/snapshots/delete-snapshots.ts";
import { showBare } from "../../src/operations/test-support.ts";
import { digestOf } from "../support/digests.ts";
import { createTestbed, type FakeUpstream } from "../support/index.ts";
import { Site } from "../support/site.ts";
import { listedFiles } from "./disk-state.ts";
import { stepsOf, withFault } from "./faulty-disk.ts";
import { coreutils } from "./faulty-fs.ts";

const image = "dists/noble/main/installer-amd64/current/images/netboot/mini.iso";
const imageBytes = Buffer.from("the installer");

let stack: AsyncDisposableStack;
let site: Site;
let origin: { readonly url: string; readonly keyFile: string };
let upstream: FakeUpstream;
beforeEach(async () => {
  stack = new AsyncDisposableStack();
  const { server, keyFile, upstream: repository } = stack.use(await createTestbed({}));
  origin = { url: server.url, keyFile };
  upstream = repository;
  upstream
    .suite("noble", { compressions: ["gz"], signatures: "inline" })
    .addPackage("hello", "1.0")
    .addFile(
      "main/installer-amd64/current/images/SHA256SUMS",
      `${digestOf(imageBytes, "SHA256")}  ./netboot/mini.iso\n`,
    );
  await upstream.publish();
  upstream.rewrite(image, imageBytes);
  site = stack.use(await Site.make({ ...origin, extra: "installer = true" }));
});
afterEach(async () => {
  coreutils.areMissing = false;
  await stack.disposeAsync();
});

/** Returns the patterns without a step that follows the step of the previous pattern. */
function outOfOrder(steps: readonly string[], patterns: readonly RegExp[]): readonly RegExp[] {
  let from = 0;
  return patterns.filter((pattern) => {
    const at = steps.findIndex((step, index) => index >= from && pattern.test(step));
    if (at !== -1) from = at + 1;
    return at === -1;
  });
}

test("a tree is flushed before it is shown, and the old one changes afterwards", async () => {
  await site.sync("noble");
  site.passHours(1);
  const state = site.mirror("noble").layout.syncState;
  writeFileSync(state, "lost"); // so that the tree is made again
  const order = [
    /^rename .*\/trees\/noble\/[^/]+$/,
    /^syncfs .*\/trees\/noble\/[^/]+$/,
    /^fsync .*\/trees\/noble$/,
    /^rename .*\/noble\/\.live$/,
    /^fsync .*\/www\/noble$/,
    /^fsync .*\/\.noble\.json\.next$/,
    /^rename .*\/state\/noble\.json$/,
    /^fsync .*\/state$/,
    /^rename .*\/trees\/noble\/\.[^/]+\.spare\.draft$/,
    /^fsync .*\/trees\/noble$/,
    /^unlink .*\/\.[^/]+\.spare\.draft\//,
    /^link .*\/\.[^/]+\.spare\.draft\//,
    /^rename .*\/trees\/noble\/\.[^/]+\.spare$/,
    /^rename .*\/trees\/noble\/\.[^/]+\.files$/,
  ];
  expect(outOfOrder(await stepsOf(() => site.sync("noble")), order)).toEqual([]);
});

test("when new files were first seen is on disk before they are shown", async () => {
  await site.sync("noble");
  upstream.suite("noble").addPackage("newer", "1.0");
  await upstream.publish();
  const order = [
    /^(?:link|write) .*\/newer_1\.0_amd64\.deb$/,
    /^write .*\/state\/noble\.first-seen$/,
    /^fsync .*\/state\/noble\.first-seen$/,
    /^rename .*\/noble\/\.live$/,
    /^rename .*\/state\/noble\.json$/,
    /^rename .*\/trees\/noble\/\.[^/]+\.files$/,
  ];
  expect(outOfOrder(await stepsOf(() => site.sync("noble")), order)).toEqual([]);
});

test("without coreutils, each file of a tree is flushed before it is shown", async () => {
  coreutils.areMissing = true;
  const steps = await stepsOf(() => site.sync("noble"));
  const shown = steps.findIndex((step) => /^rename .*\/noble\/\.live$/.test(step));
  const flushed = new Set(steps.slice(0, shown).filter((step) => step.startsWith("fsync ")));
  const files = listedFiles(`${site.dir}/noble/.live`);
  expect(files.length).toBeGreaterThan(5);
  expect(files.filter((path) => !flushed.has(`fsync ${path}`))).toEqual([]);
});

/** Makes a tree of a mirror. Returns what shows it. */
function madeTree({ working, signal }: MirrorContext): () => Promise<unknown> {
  const { generation } = working.next(site.now);
  mkdirSync(generation.path, { recursive: true });
  return () => working.show(generation, { now: site.now, graceMs: 0 }, signal);
}

test("after a lost write, which one flush learns of, no mirror of the run shows a tree", async () => {
  const [noble, jammy] = site.mirrorsOfRun;
  if (noble === undefined || jammy === undefined) throw new Error("the site has two mirrors");
  const steps = await stepsOf(madeTree(noble));
  const flush = 1 + steps.findIndex((step) => step.startsWith("syncfs "));
  const { failed } = await withFault("EIO", flush, madeTree(jammy));
  expect(failed).toMatchObject([{ call: "syncfs" }]);
  const shown = noble.working.current();
  await expect(madeTree(noble)()).rejects.toThrow("sync");
  expect(noble.working.current()).toEqual(shown);
  await madeTree(site.mirror("noble"))();
  expect(noble.working.current()).not.toEqual(shown);
});

test("bytes without a listed size are flushed before they become an object", async () => {
  const steps = await stepsOf(() => site.sync("noble"));
  const sha256 = digestOf(imageBytes, "SHA256");
  const order = [
    new RegExp(`^write .*/partial/noble/${sha256}$`),
    new RegExp(`^fsync .*/partial/noble/${sha256}$`),
    new RegExp(`^link .*/objects/sha256/../${sha256}$`),
  ];
  expect(outOfOrder(steps, order)).toEqual([]);
  // For others the size shows truncation, and one flush for all costs much less.
  expect(steps.filter((step) => /^fsync .*\/partial\//.test(step))).toHaveLength(1);
});

test("a snapshot is flushed with its record before it is listed", async () => {
  await site.sync("noble");
  const create = () => createSnapshot(site.mirror("noble"), { name: "one", stage: true, force: false });
  const order = [
    /^link .*\/\.one\.draft\//,
    /^fsync .*\/\.meta\/\.one\.json\.next$/,
    /^rename .*\/\.meta\/one\.json$/,
    /^fsync .*\/\.meta$/,
    /^syncfs .*\/\.one\.draft$/,
    /^rename .*\/noble\/one$/,
    /^fsync .*\/\.snapshots\/noble$/,
    /^rename .*\/noble\/staging$/,
    /^fsync .*\/www\/noble$/,
  ];
  expect(outOfOrder(await stepsOf(create), order)).toEqual([]);
});

test("a spare becomes the snapshot, on disk, and a hidden snapshot the spare", async () => {
  const extra = `publish_to_staging = true
[mirrors.noble.snapshot]
prune = { keep_last = 1 }
`;
  await using staged = await Site.make({ ...origin, extra });
  const syncVersion = async (version: string): Promise<void> => {
    upstream.suite("noble").removePackage("hello").addPackage("hello", version);
    await upstream.publish();
    staged.passHours(1);
    await staged.sync("noble");
  };
  for (const version of ["1.1", "1.2"]) await syncVersion(version);
  const order = [
    /^rename .*\/trees\/noble\/\.[^/]+\.spare$/,
    /^rename .*\/\.snapshots\/noble\/\.[^/]+\.draft\/pool$/,
    /^fsync .*\/\.snapshots\/noble\/\.[^/]+\.draft$/,
    /^rename .*\/\.meta\/[^/]+\.json$/,
    /^fsync .*\/\.meta$/,
    /^syncfs .*\/\.snapshots\/noble\/\.[^/]+\.draft$/,
    /^rename .*\/\.snapshots\/noble\/[^/.]+$/,
    /^fsync .*\/\.snapshots\/noble$/,
    /^rename .*\/noble\/staging$/,
    /^fsync .*\/www\/noble$/,
    /^rename .*\/\.snapshots\/noble\/\.[^/]+\.removed$/,
    /^fsync .*\/\.snapshots\/noble$/,
    /^unlink .*\/\.meta\/[^/]+\.json$/,
    /^rename .*\/trees\/noble\/\.[^/]+\.spare\.draft$/,
    /^fsync .*\/trees\/noble$/,
    /^unlink .*\/\.[^/]+\.spare\.draft\//,
    /^link .*\/\.[^/]+\.spare\.draft\//,
    /^rename .*\/trees\/noble\/\.[^/]+\.spare$/,
  ];
  expect(outOfOrder(await stepsOf(() => syncVersion("1.3")), order)).toEqual([]);
});

test("carried files are recorded on disk before they are linked and shown", async () => {
  await site.sync("noble");
  const noble = site.mirror("noble");
  await createSnapshot(noble, { name: "one", stage: false, force: true });
  upstream.suite("noble").removePackage("hello").addPackage("newer", "1.0");
  await upstream.publish();
  await site.sync("noble");
  await createSnapshot(noble, { name: "two", stage: false, force: true });
  await publishSnapshot(noble, "one", undefined);
  const order = [
    /^fsync .*\/\.carried\/\.two\.json\.next$/,
    /^rename .*\/\.carried\/two\.json$/,
    /^fsync .*\/\.carried$/,
    /^link .*\/two\/.*\/hello_1\.0_amd64\.deb$/,
    /^rename .*\/noble\/current$/,
    /^fsync .*\/www\/noble$/,
  ];
  expect(outOfOrder(await stepsOf(() => publishSnapshot(noble, "two", undefined)), order)).toEqual([]);
});

test("a link that a killed run moved is flushed before the history says so", async () => {
  await site.sync("noble");
  const noble = site.mirror("noble");
  for (const name of ["one", "two"])
    await createSnapshot(noble, { name, stage: name === "two", force: false });
  await publishSnapshot(noble, "one", undefined);
  await noble.begin({ action: "promote", from: "one", to: "two" });
  await showBare(noble, "production", "two");
  const order = [/^fsync .*\/www\/noble$/, /^sqlite run .*\/history\.db$/];
  const steps = await stepsOf(() => promoteSnapshots([noble], {}));
  expect(steps.filter((step) => step.startsWith("rename"))).toEqual([]);
  expect(outOfOrder(steps, order)).toEqual([]);
});

test("links to a snapshot, then its name, are gone on disk before its files", async () => {
  await site.sync("noble");
  const noble = site.mirror("noble");
  await createSnapshot(noble, { name: "one", stage: true, force: false });
  const order = [
    /^unlink .*\/noble\/staging$/,
    /^fsync .*\/www\/noble$/,
    /^rename .*\/\.one\.removed$/,
    /^fsync .*\/\.snapshots\/noble$/,
    /^unlink .*\/\.meta\/one\.json$/,
    /^rmdir .*\/\.one\.removed$/,
  ];
  expect(outOfOrder(await stepsOf(() => deleteSnapshots(noble, ["one"], { force: true })), order)).toEqual(
    [],
  );
});
