import { mkdirSync, readFileSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { acquireLock } from "../../platform/locks/lock.ts";
import type { SyncedMirror } from "../sync/test-support.ts";
import { deb, dryRun, objectOf, openStable, publishNews, sizeOf } from "./dry-run.fixture.ts";

describe("a dry run changes nothing", () => {
  test("if `dir` does not exist yet", async () => {
    const mirror = await openStable();
    const { outcome, fits } = await dryRun(mirror);
    expect(outcome).toMatchObject({ kind: "estimated", unchanged: false, files: 2, missingFiles: 2 });
    expect(fits).toBe(true);
    expect(statSync(mirror.dir, { throwIfNoEntry: false })).toBeUndefined();
  });

  test("of a mirror that is up to date", async () => {
    const mirror = await openStable();
    await mirror.sync();
    const { outcome, said } = await dryRun(mirror);
    expect(outcome).toMatchObject({ kind: "estimated", unchanged: true, files: 2, missingFiles: 0 });
    expect(said).toContain("Nothing new upstream for m\n");
  });

  const damages: Readonly<Record<string, (mirror: SyncedMirror) => Promise<void>>> = {
    "a package of another size": async (mirror) => truncateSync(await objectOf(mirror, deb("hello")), 3),
    "a package of no bytes": async (mirror) => truncateSync(await objectOf(mirror, deb("hello")), 0),
    "a package that is a link": async (mirror) => {
      const object = await objectOf(mirror, deb("hello"));
      rmSync(object);
      symlinkSync("/etc/hostname", object);
    },
    "a package that is a directory": async (mirror) => {
      const object = await objectOf(mirror, deb("hello"));
      rmSync(object);
      mkdirSync(object);
    },
    "a package that is gone": async (mirror) => rmSync(await objectOf(mirror, deb("hello"))),
  };

  test.each(Object.entries(damages))("and does not count %s as held", async (_what, damage) => {
    const mirror = await openStable();
    await mirror.sync();
    await damage(mirror);
    await publishNews(mirror);
    const { outcome } = await dryRun(mirror);
    const missing = { missingFiles: 2, missingBytes: sizeOf(mirror, "newcomer") + sizeOf(mirror, "hello") };
    expect(outcome).toMatchObject({ kind: "estimated", files: 3, ...missing });
  });

  test("for other bytes of the same size: it accepts a package, and downloads an index", async () => {
    const mirror = await openStable();
    await mirror.sync();
    const index = "dists/stable/main/binary-amd64/Packages.gz";
    for (const path of [deb("hello"), index]) {
      const object = await objectOf(mirror, path);
      const bytes = readFileSync(object);
      writeFileSync(
        object,
        bytes.map((byte) => byte ^ 1),
      );
    }
    mirror.upstream.suite("stable").addPackage("other", "1.0", { architecture: "arm64" });
    await mirror.upstream.publish(); // Release is new, the index is not
    const { outcome, asked } = await dryRun(mirror);
    expect(outcome).toMatchObject({ kind: "estimated", files: 2, missingFiles: 0 });
    expect(asked.filter((path) => path.includes("binary-amd64"))).toHaveLength(1);
  });

  test("of signature files that the disk has changed", async () => {
    const mirror = await openStable();
    await mirror.sync();
    const inRelease = join(mirror.dir, "m/.live/dists/stable/InRelease");
    writeFileSync(inRelease, readFileSync(inRelease, "latin1").replace("Suite", "suite"), "latin1");
    expect((await dryRun(mirror)).outcome).toMatchObject({ kind: "estimated", unchanged: false });
  });

  test("of what interrupted runs have left", async () => {
    const mirror = await openStable();
    mirror.server.fault({ path: `/${deb("hello")}`, status: 500 });
    expect((await mirror.sync()).outcome.kind).toBe("failed");
    const partials = join(mirror.dir, ".mirrorctl/partial/m");
    mkdirSync(partials, { recursive: true });
    writeFileSync(join(partials, "0".repeat(64)), "half");
    expect((await dryRun(mirror)).outcome).toMatchObject({ kind: "estimated", missingFiles: 1 });
  });

  test("where it fails", async () => {
    const mirror = await openStable();
    await mirror.sync();
    await publishNews(mirror);
    mirror.upstream.corrupt("dists/stable/InRelease");
    const { outcome, said } = await dryRun(mirror);
    expect(outcome.kind).toBe("failed");
    expect(said).toContain("PGP signature verification failed");
  });

  test("during a sync, whose lock it does not need", async () => {
    const mirror = await openStable();
    await mirror.sync();
    await publishNews(mirror);
    const request = { holder: "ada: sync (process 42)", what: "mirror m" };
    using locks = new DisposableStack();
    for (const name of ["m.lock", "m.snapshots.lock"])
      locks.use(acquireLock(join(mirror.dir, ".mirrorctl/locks", name), request));
    expect((await dryRun(mirror)).outcome).toMatchObject({ kind: "estimated", missingFiles: 1 });
  });
});

test("requests no packages, and no file that the mirror has", async () => {
  const mirror = await openStable();
  await mirror.sync();
  const { asked } = await dryRun(mirror);
  expect(asked).toEqual(["/dists/stable/InRelease"]);
  await publishNews(mirror);
  expect((await dryRun(mirror)).asked.filter((path) => path.includes("pool/"))).toEqual([]);
});

test("refuses a temporary directory below `dir`", async () => {
  const mirror = await openStable();
  await mirror.sync();
  rmSync(mirror.tempDir, { recursive: true });
  mkdirSync(join(mirror.dir, "tmp"));
  symlinkSync(join(mirror.dir, "tmp"), mirror.tempDir);
  const { outcome, said } = await dryRun(mirror);
  expect(outcome).toMatchObject({ kind: "failed", error: { code: "TEMPORARY_IN_DIR" } });
  expect(said).toContain("Set TMPDIR");
});

test("reports that the temporary directory is too small for the indices", async () => {
  const mirror = await openStable();
  const freeSpace = (path: string) => ({
    bytes: path.startsWith(mirror.tempDir) ? 100 : 1e12,
    inodes: undefined,
  });
  const { outcome, said } = await dryRun(mirror, { freeSpace });
  expect(outcome).toMatchObject({ kind: "failed", error: { code: "DISK_FULL" } });
  expect(said).toMatch(
    /a dry run of m needs .* more, and \S+\/tmp\/mirrorctl-\w+ has 100 B free\nIt .*TMPDIR/,
  );
});

/** As many bytes and inodes everywhere. */
