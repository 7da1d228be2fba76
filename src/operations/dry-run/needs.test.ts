import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { digestOf } from "../../../test/support/digests.ts";
import type { RunOptions, SyncedMirror } from "../sync/test-support.ts";
import { deb, dryRun, openStable, snapshots } from "./dry-run.fixture.ts";

const free = (bytes: number, inodes?: number) => ({
  freeSpace: () => ({ bytes, inodes }),
});

async function needsOf(mirror: SyncedMirror, options: RunOptions = {}) {
  const { outcome } = await dryRun(mirror, options);
  if (outcome.kind === "failed") throw outcome.error;
  return outcome.needs;
}

describe("what a sync needs", () => {
  test.each([
    ["without snapshots", "", 1],
    ["with snapshots", snapshots, 1],
    ["with snapshots on another file system", 'snapshot.path = "/proc/none"\n', 2],
  ])(
    "%s fits where there is just enough, and not with one byte or one inode less",
    async (_, extra, places) => {
      const mirror = await openStable();
      const needs = await needsOf(mirror, { extra });
      expect(needs.map(({ path }) => path)).toEqual([mirror.dir, "/proc/none"].slice(0, places));
      for (const [at, { path, needed }] of needs.entries()) {
        const givenJust = (bytes: number, inodes: number) => ({
          extra,
          freeSpace: (asked: string) =>
            asked === path ? { bytes, inodes } : { bytes: 1e12, inodes: undefined },
        });
        expect(await dryRun(mirror, givenJust(needed.bytes, needed.inodes))).toMatchObject({ fits: true });
        for (const [what, bytes, inodes] of [
          ["bytes", needed.bytes - 1, needed.inodes],
          ["inodes", needed.bytes, needed.inodes - 1],
        ] as const) {
          const { fits, said, outcome } = await dryRun(mirror, givenJust(bytes, inodes));
          expect({ at, what, fits }).toEqual({ at, what, fits: false });
          expect(outcome).toMatchObject({ shortages: [{ path, what }] });
          expect(said).toContain("m does not fit: it needs");
        }
      }
    },
  );

  test("is what a snapshot takes where nothing is new, and nothing without snapshots", async () => {
    const mirror = await openStable();
    await mirror.sync();
    expect((await needsOf(mirror))[0]?.needed).toEqual({ bytes: 0, inodes: 0 });
    const [need] = await needsOf(mirror, { extra: snapshots });
    const made = readdirSync(join(mirror.dir, "m/.live"), { recursive: true, withFileTypes: true });
    const directories = made.filter((entry) => entry.isDirectory()).length;
    expect(need?.needed.inodes).toBe(directories + 32);
  });

  test("is nothing where a sync with nothing new keeps the newest snapshot", async () => {
    const mirror = await openStable();
    const extra = "snapshot.skip_unchanged = true\n";
    await mirror.sync({ extra });
    expect((await needsOf(mirror, { extra }))[0]?.needed).toEqual({ bytes: 0, inodes: 0 });
    writeFileSync(join(mirror.dir, ".mirrorctl/state/history.db"), "not opened, since that may change it");
    expect((await needsOf(mirror, { extra }))[0]?.needed).toEqual({ bytes: 0, inodes: 0 });
    rmSync(join(mirror.dir, ".snapshots"), { recursive: true });
    expect((await needsOf(mirror, { extra }))[0]?.needed.inodes).toBeGreaterThan(0);
  });

  test("counts a tree of directories twice where the sync also makes a snapshot", async () => {
    const mirror = await openStable();
    const [without] = await needsOf(mirror);
    const [withThem] = await needsOf(mirror, { extra: snapshots });
    await mirror.sync();
    const made = readdirSync(join(mirror.dir, "m/.live"), { recursive: true, withFileTypes: true });
    const directories = made.filter((entry) => entry.isDirectory()).length;
    expect((withThem?.needed.inodes ?? 0) - (without?.needed.inodes ?? 0)).toBe(directories);
  });

  test("is not what is held, nor what interrupted downloads have", async () => {
    const mirror = await openStable();
    const [first] = await needsOf(mirror);
    await mirror.sync();
    mirror.upstream
      .suite("stable")
      .addPackage("newcomer", "1.0", { files: { "usr/share/data": randomBytes(20_000) } });
    await mirror.upstream.publish();
    const [second] = await needsOf(mirror);
    expect(second?.needed.inodes).toBeLessThan(first?.needed.inodes ?? 0);

    const name = digestOf(readFileSync(mirror.upstream.path(deb("newcomer"))), "SHA256");
    const partials = join(mirror.dir, ".mirrorctl/partial/m");
    mkdirSync(partials, { recursive: true });
    writeFileSync(join(partials, name), randomBytes(8192));
    const [third] = await needsOf(mirror);
    expect((second?.needed.bytes ?? 0) - (third?.needed.bytes ?? 0)).toBe(8192);
    expect((second?.needed.inodes ?? 0) - (third?.needed.inodes ?? 0)).toBe(1);
  });

  test("counts once what several mirrors share, and adds up what they do not", async () => {
    const mirror = await openStable();
    const [alone] = await needsOf(mirror);
    if (alone === undefined) throw new Error("a first sync needs space");
    const { bytes, inodes } = alone.needed;
    const other = `pgp_key_path = "${mirror.keyFile}"
[mirrors.n]
url = "${mirror.server.url}"
suites = ["stable"]
sections = ["main"]
architectures = ["amd64"]
pgp_key_path = "${mirror.keyFile}"
`;
    const { outcomes } = await dryRun(mirror, { extra: other });
    expect(outcomes).toMatchObject([
      { mirror: "m", needs: [{ needed: { bytes, inodes } }] },
      { mirror: "n", needs: [{ needed: { bytes, inodes } }] },
    ]);
    const tooLittle = await dryRun(mirror, { extra: other, ...free(1e12, inodes + 1) });
    expect(tooLittle.fits).toBe(false);
    expect(tooLittle.said).toMatch(/m, n do not fit together: they need \d+ more inodes/);
    // The trees have directories of their own, and no file of their own.
    await mirror.sync();
    const made = readdirSync(join(mirror.dir, "m/.live"), { recursive: true, withFileTypes: true });
    const directories = made.filter((entry) => entry.isDirectory()).length;
    rmSync(mirror.dir, { recursive: true });
    const enough = (less: number) =>
      dryRun(mirror, { extra: other, ...free(1e12, inodes + directories - less) });
    expect(await enough(0)).toMatchObject({ fits: true });
    expect(await enough(1)).toMatchObject({ fits: false });
  });
});

describe("a sync that does not fit is refused before it requests a package", () => {
  test.each([
    ["inodes", (needed: { bytes: number; inodes: number }) => free(1e12, needed.inodes / 2)],
    ["bytes", (needed: { bytes: number; inodes: number }) => free(needed.bytes / 2)],
  ])("without enough %s, as its dry run says", async (_what, freeOf) => {
    const mirror = await openStable();
    const { outcome } = await dryRun(mirror);
    const needed = outcome.kind === "estimated" ? outcome.needs[0]?.needed : undefined;
    const options = freeOf(needed ?? { bytes: 0, inodes: 0 });
    expect((await dryRun(mirror, options)).fits).toBe(false);
    const refused = await mirror.sync(options);
    expect(refused.outcome).toMatchObject({ kind: "failed", error: { code: "DISK_FULL" } });
    expect(refused.said).toMatch(/^m needs .* more.*, and \S+ has .* free$/m);
    expect(refused.asked.filter((path) => path.includes("pool/"))).toEqual([]);
  });
});
