/** Upstreams that change to their next Release, or lag behind it, while they are read: nothing is ever mixed. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { listFiles, readTree, type SuiteOptions } from "../../../test/support/index.ts";
import { openMirror, type SyncedMirror } from "./test-support.ts";

const packages = /\/binary-amd64\/(?:Packages\.gz|by-hash\/.*)$/;
const deb = (name: string): string => `pool/main/${name.slice(0, 1)}/${name}/${name}_1.0-1_amd64.deb`;

/** A mirror, not yet synced, of an upstream with one package; `goOn` publishes another, with a new name each time. */
async function openUpstream(options: SuiteOptions) {
  const mirror = await openMirror();
  const suite = mirror.upstream.suite("stable", { compressions: ["gz"], ...options });
  suite.addPackage("hello", "1.0-1");
  await mirror.upstream.publish();
  let times = 0;
  const goOn = async (): Promise<void> => {
    suite.addPackage(`newcomer${++times}`, "1.0-1");
    await mirror.upstream.publish();
  };
  return { mirror, suite, goOn };
}

const releasesAsked = (asked: readonly string[]): number =>
  asked.filter((path) => path === "/dists/stable/InRelease").length;

/** Expects the mirror to have exactly what upstream has now. */
async function expectCurrent(mirror: SyncedMirror): Promise<void> {
  expect(await mirror.tree()).toEqual(await readTree(mirror.upstream.dir));
}

test("reads the next Release if it is replaced before its Packages is read", async () => {
  const { mirror, goOn } = await openUpstream({ acquireByHash: false });
  mirror.server.fault({ path: packages, times: 1, before: goOn });
  const { outcome, said } = await mirror.sync();
  expect(outcome).toMatchObject({ kind: "synced" });
  expect(said).toContain("Reading m again");
  await expectCurrent(mirror);
});

test("downloads the indices of a replaced Release by digest", async () => {
  const { mirror, goOn } = await openUpstream({ acquireByHash: true });
  const before = await readTree(mirror.upstream.dir);
  mirror.server.fault({ path: packages, times: 1, before: goOn });
  const { outcome, said } = await mirror.sync();
  expect(outcome).toMatchObject({ kind: "synced" });
  expect(said).not.toContain("again");
  expect(await mirror.tree()).toEqual(before);
});

test("reads the next Release if a package is gone", async () => {
  const { mirror, suite } = await openUpstream({ acquireByHash: true });
  mirror.server.fault({
    path: `/${deb("hello")}`,
    times: 1,
    async before() {
      suite.removePackage("hello").addPackage("successor", "1.0-1");
      await mirror.upstream.publish();
    },
  });
  expect((await mirror.sync()).outcome).toMatchObject({ kind: "synced" });
  const debs = [...(await mirror.tree()).keys()].filter((path) => path.endsWith(".deb"));
  expect(debs).toEqual([deb("successor")]);
});

test("requests indices again that lag behind their Release for a moment", async () => {
  const { mirror } = await openUpstream({ acquireByHash: false });
  // Each attempt asks twice, the second time past caches.
  mirror.server.fault({ path: packages, times: 4, html: true });
  const { outcome, said } = await mirror.sync();
  expect(outcome).toMatchObject({ kind: "synced" });
  expect(said).toContain("(attempt 3)");
  await expectCurrent(mirror);
});

test("fails after three attempts if indices never catch up, and shows nothing", async () => {
  const { mirror } = await openUpstream({ acquireByHash: false });
  mirror.server.fault({ path: packages, html: true });
  const { outcome, said } = await mirror.sync();
  expect(outcome).toMatchObject({ kind: "failed" });
  expect(said).toContain("(attempt 3)");
  expect(said).not.toContain("(attempt 4)");
  await expect(mirror.tree()).rejects.toThrow("ENOENT");
});

test("gives up an upstream that changes all the time after five attempts", async () => {
  const { mirror, goOn } = await openUpstream({ acquireByHash: false });
  await mirror.sync();
  const shown = await mirror.tree();
  await goOn();
  mirror.server.fault({ path: packages, before: goOn });
  const { outcome, asked } = await mirror.sync();
  expect(outcome).toMatchObject({ kind: "failed" });
  expect(releasesAsked(asked)).toBe(1 + 4 * 2);
  expect(await mirror.tree()).toEqual(shown);
  expect((await listFiles(mirror.dir)).filter((path) => /partial|draft/.test(path))).toEqual([]);
  expect(readFileSync(`${mirror.dir}/m/.live/${deb("hello")}`).length).toBeGreaterThan(0);
});
