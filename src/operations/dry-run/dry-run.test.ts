import { randomBytes } from "node:crypto";
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { digestOf } from "../../../test/support/digests.ts";
import { listFiles, readIdentities } from "../../../test/support/index.ts";
import { acquireLock } from "../../platform/locks/lock.ts";
import { openMirror, type RunOptions, type SyncedMirror } from "../sync/test-support.ts";

async function openStable(): Promise<SyncedMirror> {
  const mirror = await openMirror();
  onTestFinished(() => mirror[Symbol.asyncDispose]());
  mirror.upstream.suite("stable").addPackage("hello", "1.0").addPackage("world", "1.0");
  await mirror.upstream.publish();
  return mirror;
}

async function publishNews({ upstream }: SyncedMirror): Promise<void> {
  upstream.suite("stable").addPackage("newcomer", "1.0");
  await upstream.publish();
}

/** A dry run; what it leaves below `dir` and where temporary files belong must be what was there. */
async function dryRun(mirror: SyncedMirror, options: RunOptions = {}) {
  const before = readIdentities(mirror.dir);
  const result = await mirror.dryRun(options);
  expect(readIdentities(mirror.dir)).toEqual(before);
  expect(readdirSync(mirror.tempDir)).toEqual([]);
  return result;
}

const deb = (name: string): string => `pool/main/${name[0]}/${name}/${name}_1.0_amd64.deb`;
const sizeOf = ({ upstream }: SyncedMirror, name: string): number => statSync(upstream.path(deb(name))).size;

/** Where the store has a file of the working mirror. */
async function objectOf({ dir }: SyncedMirror, path: string): Promise<string> {
  const { ino } = statSync(join(dir, "m/.live", path));
  const objects = join(dir, ".mirrorctl/objects/sha256");
  const name = (await listFiles(objects)).find((candidate) => statSync(join(objects, candidate)).ino === ino);
  return join(objects, name ?? "there is none");
}

const snapshots = "snapshot = {}\n";

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
