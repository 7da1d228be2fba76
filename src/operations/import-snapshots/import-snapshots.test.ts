/** Trees that other tools, or an earlier mirrorctl, left on this disk. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { createTestbed, listFiles, type MirrorSettings, readTree } from "../../../test/support/index.ts";
import { openApp } from "../../../test/support/open-app.ts";
import type { MirrorEvent } from "../../report/events.ts";
import { Gpg } from "../../trust/test-support.ts";
import type { ImportedTree, ImportSnapshotsOptions } from "./index.ts";

const deb = (version: string): string => `pool/main/h/hello/hello_${version}_amd64.deb`;

interface Settings {
  readonly mirror?: MirrorSettings;
  readonly global?: object;
  readonly validUntil?: Date;
}

/** An upstream that publishes hello 1.0 and 2.0 on the days of `years`, and a mirror that has synced nothing. */
async function openPast({ mirror = {}, global = {}, validUntil }: Settings = {}) {
  const bed = await createTestbed({ ...global, mirrors: { debian: mirror } });
  onTestFinished(() => bed[Symbol.asyncDispose]());
  const events: MirrorEvent[] = [];
  const opened = await openApp({ path: bed.configFile });
  onTestFinished(() => opened[Symbol.asyncDispose]());
  const { signal } = new AbortController();
  const run = opened.app.run({ who: "ada", signal, emit: (event) => void events.push(event) });
  const past = bed.join("past");
  mkdirSync(past);
  bed.upstream.suite("stable", { compressions: ["gz"], ...(validUntil && { validUntil }) });
  let version = 0;
  return {
    bed,
    run,
    events,
    past,
    opened,
    /** Publishes the next version of hello, and copies what upstream has then. */
    keep: async (name: string, date?: Date): Promise<string> => {
      version++;
      const suite = bed.upstream.suite("stable");
      if (version > 1) suite.removePackage("hello");
      suite.addPackage("hello", `${version}.0`);
      await bed.upstream.publish(date === undefined ? {} : { date });
      const copy = join(past, name);
      cpSync(bed.upstream.dir, copy, { recursive: true, preserveTimestamps: true });
      return copy;
    },
    import: (
      directories: readonly string[],
      options: Partial<ImportSnapshotsOptions> = {},
    ): Promise<readonly ImportedTree[]> =>
      run.snapshots.import("debian", { directories, link: false, dryRun: false, ...options }),
    snapshots: join(bed.dir, ".snapshots/debian"),
  };
}

const flip = (path: string): void => {
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  writeFileSync(path, bytes);
};

const objectsIn = async (dir: string): Promise<readonly string[]> =>
  existsSync(join(dir, ".mirrorctl/objects")) ? listFiles(join(dir, ".mirrorctl/objects")) : [];
const october = new Date("2025-10-01T08:00:00Z");
const november = new Date("2025-11-01T08:00:00Z");

describe("dated directories", () => {
  test("become snapshots of their names, as old as their Releases, pinned and not staged", async () => {
    const { bed, keep, past, run, snapshots, opened, ...site } = await openPast({
      mirror: { publish_to_staging: true },
    });
    await keep("2025-10-01", october);
    await keep("2025-11-01", november);
    expect(await site.import([past])).toMatchObject([
      { kind: "imported", name: "2025-10-01", createdAt: october, packages: 1 },
      { kind: "imported", name: "2025-11-01", createdAt: november, packages: 1 },
    ]);
    const listed = await run.snapshots.list(["debian"], { detailed: true });
    expect(listed).toMatchObject([
      { name: "2025-11-01", pin: { note: `imported from ${past}/2025-11-01` } },
      { name: "2025-10-01", createdAt: october },
    ]);
    const { publisher } = opened.mirror("debian");
    expect(await publisher.read("staging")).toEqual({ kind: "none" });
    expect(await publisher.read("production")).toEqual({ kind: "none" });
    const tree = await readTree(join(snapshots, "2025-10-01"));
    const copy = await readTree(join(past, "2025-10-01"));
    for (const [path, digest] of tree) expect([path, copy.get(path)]).toEqual([path, digest]);
    expect(tree.has(deb("1.0"))).toBe(true);
    const lines = await opened.app.history.list({ mirror: "debian", actions: ["create"] });
    expect(lines).toMatchObject([
      { to: "2025-11-01", details: { kind: "created", directory: `${past}/2025-11-01` } },
      { to: "2025-10-01", details: { kind: "created", directory: `${past}/2025-10-01` } },
    ]);
    expect(bed.server.requests).toEqual([]);
  });

  test("are verified and whole, for snapshot verify and for a promotion", async () => {
    const { keep, past, run, ...site } = await openPast({ mirror: { snapshot: {} } });
    await keep("2025-10-01", october);
    await site.import([past]);
    const { trees } = await run.snapshots.verify("debian", { name: "2025-10-01", deep: true, repair: false });
    expect(trees).toMatchObject([{ result: "whole" }]);
    await run.stage("debian", "2025-10-01");
    expect(await run.promote(["debian"], { reason: "an audit" })).toHaveLength(1);
  });

  test("are not imported twice", async () => {
    const { keep, past, snapshots, ...site } = await openPast();
    await keep("2025-10-01", october);
    await site.import([past]);
    const before = await readTree(snapshots);
    expect(await site.import([past])).toMatchObject([{ kind: "there", name: "2025-10-01" }]);
    expect(await readTree(snapshots)).toEqual(before);
  });

  test("get a number if another snapshot has their name", async () => {
    const { keep, past, snapshots, ...site } = await openPast();
    await keep("2025-10-01", october);
    await site.import([past]);
    rmSync(join(past, "2025-10-01"), { recursive: true });
    await keep("2025-10-01", november);
    const before = await readTree(join(snapshots, "2025-10-01"));
    expect(await site.import([past])).toMatchObject([{ kind: "imported", name: "2025-10-01-2" }]);
    expect(await site.import([past])).toMatchObject([{ kind: "there", name: "2025-10-01-2" }]);
    expect(await readTree(join(snapshots, "2025-10-01"))).toEqual(before);
  });

  test.each(["-x", "production", "current", "staging", "working", "has blanks"])(
    "get the time of their Release as a name, if theirs means something else: %s",
    async (directory) => {
      const { keep, past, ...site } = await openPast({ mirror: { snapshot: {} } });
      await keep(directory, october);
      expect(await site.import([past])).toMatchObject([{ name: "2025-10-01T08-00-00Z" }]);
    },
  );

  test("stay unpinned once somebody unpinned them, as does what a sync made", async () => {
    const { keep, past, run, ...site } = await openPast({ mirror: { snapshot: {} } });
    await keep("2025-10-01", october);
    await site.import([past]);
    await run.snapshots.unpin("debian", "2025-10-01");
    await keep("2025-11-01", november);
    await run.sync(["debian"], { force: false, noPgpCheck: false });
    expect(await site.import([past])).toMatchObject([{ kind: "there" }, { kind: "there" }]);
    const listed = await run.snapshots.list(["debian"], { detailed: false });
    expect(listed.map(({ pin }) => pin)).toEqual([undefined, undefined]);
  });

  test("say that they are of another suite, which the same key signed", async () => {
    const { bed, keep, past, ...site } = await openPast();
    bed.upstream.suite("stable-security").addPackage("fix", "1.0");
    const dists = join(await keep("2025-10-01", october), "dists");
    rmSync(join(dists, "stable"), { recursive: true });
    cpSync(join(dists, "stable-security"), join(dists, "stable"), { recursive: true });
    expect(await site.import([past])).toMatchObject([
      { kind: "imported", remarks: [expect.stringContaining('Release calls itself "stable-security"')] },
    ]);
  });

  test.each([
    [{}, { kind: "refused", error: { code: "RELEASE_RENAMED" } }],
    [{ allow_renamed: true }, { kind: "imported" }],
  ] as const)(
    "are refused if the working mirror shows that they are of another suite: %j",
    async (extra, expected) => {
      const { bed, keep, past, run, ...site } = await openPast({ mirror: extra });
      bed.upstream.suite("stable-security").addPackage("fix", "1.0");
      const dists = join(await keep("2025-10-01", october), "dists");
      await run.sync(["debian"], { force: false, noPgpCheck: false });
      rmSync(join(dists, "stable"), { recursive: true });
      cpSync(join(dists, "stable-security"), join(dists, "stable"), { recursive: true });
      expect(await site.import([past])).toMatchObject([expected]);
    },
  );

  test("are not what an export takes, unless there is nothing else", async () => {
    const { bed, keep, past, run, ...site } = await openPast();
    await keep("2025-10-01", october);
    await site.import([past]);
    const takeOut = (disk: string) => run.exportTo("debian", { to: bed.join(disk), dryRun: false });
    expect(await takeOut("first")).toMatchObject({ snapshot: "2025-10-01" });
    await run.sync(["debian"], { force: false, noPgpCheck: false });
    expect(await takeOut("second")).toMatchObject({ snapshot: undefined });
  });

  test("stay when later syncs prune", async () => {
    const { bed, keep, past, run, ...site } = await openPast({
      global: { snapshot: { prune: { keep_last: 1 } } },
    });
    await keep("2019-10-01", new Date("2019-10-01T08:00:00Z"));
    await site.import([past]);
    for (const _ of [1, 2]) {
      await bed.upstream.publish();
      await run.sync(["debian"], { force: false, noPgpCheck: false });
    }
    const names = (await run.snapshots.list(["debian"], { detailed: false })).map(({ name }) => name);
    expect(names.at(-1)).toBe("2019-10-01");
  });

  test("leave the working mirror and its spare alone, and give later syncs their files", async () => {
    const { bed, keep, past, run, ...site } = await openPast();
    const plain = { force: false, noPgpCheck: false };
    const sync = () => run.sync(["debian"], plain);
    for (const [name, date] of [
      ["2025-09-01", new Date("2025-09-01T08:00:00Z")],
      ["2025-10-01", october],
    ] as const) {
      await keep(name, date);
      await sync();
    }
    const trees = join(bed.dir, ".mirrorctl/trees/debian");
    const [before, state] = [
      await readTree(trees),
      readFileSync(join(bed.dir, ".mirrorctl/state/debian.json")),
    ];
    expect(readdirSync(trees).filter((name) => name.endsWith(".spare"))).toHaveLength(1);
    await keep("2025-11-01", november);
    const outcomes = await site.import([past]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(["imported", "imported", "imported"]);
    expect(await readTree(trees)).toEqual(before);
    expect(readFileSync(join(bed.dir, ".mirrorctl/state/debian.json"))).toEqual(state);
    expect(await sync()).toMatchObject([{ kind: "synced", unchanged: false, fetchedFiles: 0 }]);
  });

  test("share inodes with the store after --link", async () => {
    const { keep, past, snapshots, ...site } = await openPast();
    const copy = await keep("2025-10-01", october);
    await site.import([past], { link: true });
    const [ours, theirs] = [join(snapshots, "2025-10-01"), copy].map((root) =>
      statSync(join(root, deb("1.0"))),
    );
    expect(ours?.ino).toBe(theirs?.ino);
  });

  test("are looked at by a dry run, which changes nothing", async () => {
    const { bed, keep, past, ...site } = await openPast();
    await keep("2025-10-01", october);
    expect(await site.import([past], { dryRun: true })).toMatchObject([
      { kind: "imported", name: "2025-10-01", createdAt: october, packages: undefined },
    ]);
    expect(existsSync(bed.dir)).toBe(false);
  });
});

describe("a tree that is not imported", () => {
  test("lacks a file, which is named, and leaves nothing", async () => {
    const { bed, keep, past, snapshots, ...site } = await openPast();
    await keep("2025-10-01", october);
    rmSync(join(await keep("2025-11-01", november), deb("2.0")));
    const outcomes = await site.import([past]);
    expect(outcomes).toMatchObject([
      { kind: "imported", name: "2025-10-01" },
      { kind: "refused", error: { code: "FILES_MISSING", items: [expect.stringContaining(deb("2.0"))] } },
    ]);
    expect(readdirSync(snapshots).filter((name) => !name.startsWith("."))).toEqual(["2025-10-01"]);
    expect(await listFiles(join(bed.dir, ".mirrorctl/trees"))).toEqual([]);
    // Nothing is left of it in the store either.
    const names = new Set((await objectsIn(bed.dir)).map((path) => path.slice(-64)));
    const held = new Set((await readTree(join(snapshots, "2025-10-01"))).values());
    expect(names).toEqual(held);
  });

  test("has a package with other bytes of the same size", async () => {
    const { keep, past, snapshots, ...site } = await openPast();
    flip(join(await keep("2025-10-01", october), deb("1.0")));
    expect(await site.import([past])).toMatchObject([{ kind: "refused", error: { code: "FILES_MISSING" } }]);
    expect(existsSync(join(snapshots, "2025-10-01"))).toBe(false);
  });

  test("has an index with other bytes", async () => {
    const { keep, past, ...site } = await openPast();
    const copy = await keep("2025-10-01", october);
    rmSync(join(copy, "dists/stable/main/binary-amd64/by-hash"), { recursive: true });
    flip(join(copy, "dists/stable/main/binary-amd64/Packages.gz"));
    expect(await site.import([past])).toMatchObject([{ kind: "refused", error: { area: "trust" } }]);
  });

  test("has a changed Release, or none that is signed", async () => {
    const { bed, keep, past, ...site } = await openPast();
    const changed = join(await keep("2025-10-01", october), "dists/stable/InRelease");
    writeFileSync(changed, readFileSync(changed, "utf8").replace("Origin: Fake", "Origin: Evil"));
    const unsigned = await keep("2025-11-01", november);
    for (const name of ["InRelease", "Release.gpg"]) rmSync(join(unsigned, "dists/stable", name));
    expect(await site.import([past])).toMatchObject([
      { kind: "refused", error: { code: "SIGNATURE_INVALID" } },
      { kind: "refused", error: { code: "SIGNATURE_MISSING" } },
    ]);
    expect(await objectsIn(bed.dir)).toEqual([]);
  });

  test("leads out of its directory", async () => {
    const { keep, past, ...site } = await openPast();
    const copy = await keep("2025-10-01", october);
    rmSync(join(copy, deb("1.0")));
    cpSync("/etc/passwd", join(past, "outside.deb"));
    symlinkSync(join(past, "outside.deb"), join(copy, deb("1.0")));
    expect(await site.import([past])).toMatchObject([{ kind: "refused" }]);
  });

  test("is mirrorctl's own, or is not there", async () => {
    const { bed, keep, past, snapshots, ...site } = await openPast();
    await keep("2025-10-01", october);
    await site.import([past]);
    for (const own of [bed.dir, join(snapshots, "2025-10-01")])
      await expect(site.import([own])).rejects.toMatchObject({ code: "IMPORT_INSIDE" });
    await expect(site.import([join(past, "gone")])).rejects.toMatchObject({ code: "NOTHING_TO_IMPORT" });
  });
});

describe("what has passed since", () => {
  test("is a remark: a Valid-Until", async () => {
    const { keep, past, run, ...site } = await openPast({ validUntil: new Date("2025-10-08T08:00:00Z") });
    await keep("2025-10-01", october);
    const remark = "dists/stable/InRelease: the Release expired: it was valid until 2025-10-08T08:00:00.000Z";
    expect(await site.import([past])).toMatchObject([{ kind: "imported", remarks: [remark] }]);
    expect(site.events).toContainEqual(
      expect.objectContaining({ type: "snapshot-imported", remarks: [remark] }),
    );
    // A sync of the same files still refuses it.
    const options = { force: false, noPgpCheck: false, from: join(past, "2025-10-01") };
    const [outcome] = await run.sync(["debian"], options);
    expect(outcome).toMatchObject({ kind: "failed", error: { code: "RELEASE_EXPIRED" } });
  });

  test.each([
    [
      "an expired key is a remark",
      "expired",
      { kind: "imported", remarks: [expect.stringContaining("expired")] },
    ],
    ["a revoked key is a refusal", "revoked", { kind: "refused", error: { area: "trust" } }],
  ] as const)("%s", async (_what, which, expected) => {
    using gpg = keysOf(which);
    const { bed, keep, past, ...site } = await openPast();
    const copy = await keep("2025-10-01", october);
    const release = readFileSync(join(copy, "dists/stable/Release"), "latin1");
    for (const name of ["Release", "Release.gpg"]) rmSync(join(copy, "dists/stable", name));
    const signed = gpg.sign(release);
    writeFileSync(join(copy, "dists/stable/InRelease"), signed, "latin1");
    writeFileSync(bed.keyFile, gpg.publicKey());
    expect(await site.import([past])).toMatchObject([expected]);
  });
});

/** A key that has signed on the day of the Release. */
function keysOf(which: "expired" | "revoked") {
  const gpg = new Gpg();
  const at = { at: "20250901T000000" };
  gpg.makeKey("signer", "ed25519", which === "expired" ? { ...at, expires: "60d" } : at);
  return {
    sign: (text: string): string => gpg.clearsign(text, ["signer"], "20251001T080000"),
    publicKey(): string {
      if (which === "revoked") gpg.revoke("signer");
      return gpg.run(["--armor", "--export", "signer"]).toString();
    },
    [Symbol.dispose]: () => gpg.close(),
  };
}

describe("layouts of other tools", () => {
  test("snapshots of the Go tool are found, and an unsigned one is named", async () => {
    const { bed, keep, ...site } = await openPast();
    const go = bed.join("go");
    cpSync(await keep("x", october), join(go, ".snapshots/debian/before"), { recursive: true });
    const unsigned = join(go, ".snapshots/debian/unsigned");
    cpSync(await keep("y", november), unsigned, { recursive: true });
    for (const name of ["InRelease", "Release.gpg"]) rmSync(join(unsigned, "dists/stable", name));
    mkdirSync(join(go, ".debian.20251101T080000"));
    expect(await site.import([go])).toMatchObject([
      { kind: "imported", name: "before" },
      { kind: "refused", from: unsigned },
    ]);
  });

  test("revisions of debmirror --debmarshal get the time of their Release as a name", async () => {
    const { bed, keep, ...site } = await openPast({ mirror: { snapshot: {} } });
    const tree = bed.join("mirror");
    for (const [number, name] of ["a", "b"].entries()) {
      const copy = await keep(name, number === 0 ? october : november);
      const dists = join(tree, "dists/stable");
      cpSync(join(copy, "dists/stable"), join(dists, String(number)), { recursive: true });
      cpSync(join(copy, "pool"), join(tree, "pool"), { recursive: true });
      rmSync(join(dists, "latest"), { force: true });
      symlinkSync(String(number), join(dists, "latest"));
      for (const file of ["InRelease", "Release", "Release.gpg", "main"])
        cpSync(join(copy, "dists/stable", file), join(dists, file), { recursive: true });
    }
    expect(await site.import([tree])).toMatchObject([
      { kind: "imported", from: tree, name: "2025-11-01T08-00-00Z" },
      { kind: "imported", from: `${tree}/dists/stable/0`, name: "2025-10-01T08-00-00Z" },
      { kind: "there", from: `${tree}/dists/stable/1`, name: "2025-11-01T08-00-00Z" },
    ]);
  });

  test("an export has the name of its snapshot", async () => {
    const { bed, keep, run, ...site } = await openPast({ mirror: { snapshot: {} } });
    await keep("a", october);
    await run.sync(["debian"], { force: false, noPgpCheck: false });
    await run.snapshots.create("debian", { name: "audited", stage: false, force: false });
    await run.exportTo("debian", { to: bed.join("disk"), snapshot: "audited", dryRun: false });
    const { failures } = await run.snapshots.delete("debian", ["audited"], { force: false });
    expect([...failures.values()]).toEqual([]);
    const names = (await run.snapshots.list(["debian"], { detailed: false })).map(({ name }) => name);
    for (const name of names) await run.snapshots.delete("debian", [name], { force: true });
    expect(await site.import([bed.path])).toMatchObject([
      { kind: "imported", from: bed.join("disk"), name: "audited" },
      { kind: "there", from: bed.upstream.dir },
    ]);
    expect(await site.import([bed.join("disk")])).toMatchObject([{ kind: "there", name: "audited" }]);
  });
});
