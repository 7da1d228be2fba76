import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Turns } from "../../../platform/flow/turns.ts";
import { acquireLock, LockError } from "../../../platform/locks/lock.ts";
import type { HistoryAnswer } from "../../../report/json/schemas/history.ts";
import type { MirrorContext } from "../../context.ts";
import { verifySnapshots } from "../index.ts";
import {
  deb,
  flipBit,
  type Mirrors,
  openMirrors,
  openSnapshot,
  packages,
  stateOf,
  toolDeb,
} from "../test-support.ts";

/** The ports of a sync, with an upstream that must not be asked. */
const unusedUpstream = {
  upstream: {
    requestsAtOnce: 1,
    sources: [],
    download: () => Promise.reject(new Error("this must not be called")),
  },
  freeSpace: () => ({ bytes: 0, inodes: 0 }),
  tempDir: "/nonexistent",
  pause: () => Promise.resolve(),
  maxConns: 1,
  turns: new Turns(),
};

const bytesOf = (mirrors: Mirrors, path: string): Buffer => readFileSync(mirrors.upstream.path(path));

test("leaves good files in wrong places, and files of somebody else, as they are", async () => {
  const mirrors = await openMirrors();
  mirrors.upstream.suite("extra").addPackage("extra", "1.0-1");
  await mirrors.upstream.publish();
  mirrors.configure({ m: { suites: ["stable", "extra"] } });
  await mirrors.run(["sync"]);
  await mirrors.run(["snapshot", "create", "m", "one"]);
  const gz = packages.replace(".xz", ".gz");
  const extra = gz.replace("stable", "extra");
  rmSync(mirrors.file(gz, "one"));
  linkSync(mirrors.file(extra, "one"), mirrors.file(gz, "one"));
  rmSync(mirrors.file(deb, "one"));
  linkSync(mirrors.file(toolDeb, "one"), mirrors.file(deb, "one"));
  rmSync(mirrors.file(packages, "one"));
  mkdirSync(mirrors.file(packages, "one"));
  writeFileSync(mirrors.file("README", "one"), "somebody else's");
  const good = [toolDeb, extra].map((path) => ({ path, ino: statSync(mirrors.file(path)).ino }));
  const [report] = await mirrors.verify(["m", "one", "--deep", "--repair"], 1);
  expect(report?.damages).toMatchObject([
    { path: gz, repaired: true },
    { path: deb, repaired: true },
    { path: packages, repaired: false, left: { kind: "in-the-way" } },
  ]);
  expect(readFileSync(mirrors.file(deb, "one")).equals(bytesOf(mirrors, deb))).toBe(true);
  for (const { path, ino } of good) {
    expect(statSync(mirrors.object(path)).ino).toBe(ino);
    for (const name of [undefined, "one"]) {
      expect(statSync(mirrors.file(path, name)).ino).toBe(ino);
      expect(readFileSync(mirrors.file(path, name)).equals(bytesOf(mirrors, path))).toBe(true);
    }
  }
  expect(readFileSync(mirrors.file("README", "one"), "utf8")).toBe("somebody else's");
});

test("repairs nothing while a mirror that may share the files is locked", async () => {
  const mirrors = await openMirrors();
  mirrors.configure({ m: {}, other: {} });
  await mirrors.run(["sync"]);
  flipBit(mirrors.file(deb));
  const before = await stateOf(mirrors.dir);
  for (const name of ["other.lock", "other.snapshots.lock"]) {
    const request = { holder: "ada: sync (process 42)", what: "other" };
    using _lock = acquireLock(join(mirrors.dir, ".mirrorctl/locks", name), request);
    const { log, out } = await mirrors.run(["snapshot", "verify", "m", "--deep", "--repair"], 4);
    expect(log).toContain("is locked by ada: sync (process 42)");
    expect(out).toBe("");
  }
  expect(await stateOf(mirrors.dir)).toEqual(before);
});

test("reports what it found even if another run has taken a lock before the repair", async () => {
  const mirrors = await openSnapshot();
  flipBit(mirrors.file(deb));
  const context = await mirrors.context("m");
  let locks = 0;
  const busy: MirrorContext = {
    ...context,
    async lockWorkingMirror(verb) {
      if (++locks > 1) throw new LockError("LOCK_HELD", "locked by ada");
      return context.lockWorkingMirror(verb);
    },
  };
  const ports = {
    mirrors: [busy],
    openSyncPorts: () => Promise.reject(new Error("this must not be called")),
  };
  const options = { name: "one", deep: true, repair: true };
  const { trees, refusal } = await verifySnapshots(context, ports, options);
  expect(refusal?.message).toBe("locked by ada");
  expect(trees).toMatchObject([{ result: "damaged", damages: [{ path: deb, repaired: false }] }]);
});

test("leaves a file that somebody has replaced by a good one during the check", async () => {
  const mirrors = await openSnapshot();
  const path = mirrors.file(deb, "one");
  const good = `${mirrors.dir}/from-a-backup`;
  writeFileSync(good, bytesOf(mirrors, deb));
  const { ino } = statSync(good);
  flipBit(path);
  const context = await mirrors.context("m");
  const emit: MirrorContext["emit"] = (news) => {
    if (news.type === "damage-found") renameSync(good, path);
  };
  const ports = { mirrors: [context], openSyncPorts: () => Promise.resolve(unusedUpstream) };
  const options = { name: "one", deep: true, repair: true };
  const { trees } = await verifySnapshots({ ...context, emit }, ports, options);
  expect(trees).toMatchObject([{ result: "whole", damages: [] }]);
  expect(statSync(path).ino).toBe(ino);
});

test("records what was repaired before an interruption", async () => {
  const mirrors = await openSnapshot();
  rmSync(mirrors.file(deb, "one"));
  const context = await mirrors.context("m");
  const interruption = new AbortController();
  const events: string[] = [];
  const emit: MirrorContext["emit"] = (news) => {
    events.push(news.type);
    if (news.type === "damage-repaired") interruption.abort(new Error("interrupted"));
  };
  const ports = { mirrors: [context], openSyncPorts: () => Promise.resolve(unusedUpstream) };
  const options = { name: "one", deep: false, repair: true };
  const verifying = verifySnapshots({ ...context, emit, signal: interruption.signal }, ports, options);
  await expect(verifying).rejects.toThrow("interrupted");
  expect(events.slice(-2)).toEqual(["damage-repaired", "verify-ended"]);
  expect(readFileSync(mirrors.file(deb, "one")).equals(bytesOf(mirrors, deb))).toBe(true);
  const lines = JSON.parse((await mirrors.run(["--json", "history", "m"])).out) as HistoryAnswer;
  expect(lines[0]).toMatchObject({ action: "verify", to: "one", details: { repairedPaths: [deb] } });
});

test("repairs a snapshot without a record only if its name was given", async () => {
  const mirrors = await openSnapshot();
  rmSync(join(mirrors.dir, ".snapshots/m/.meta/one.json"));
  flipBit(mirrors.file(deb, "one"));
  const bytes = bytesOf(mirrors, deb);
  const [working, one] = await mirrors.verify(["m", "--deep", "--repair"], 1);
  expect(working).toMatchObject({ result: "repaired" });
  expect(one?.damages[0]?.left?.todo).toBe("To repair it anyway, give its name to the command.");
  expect(readFileSync(mirrors.file(deb)).equals(bytes)).toBe(true);
  expect(readFileSync(mirrors.file(deb, "one")).equals(bytes)).toBe(false);
  expect(await mirrors.verify(["m", "one", "--deep", "--repair"])).toMatchObject([{ result: "repaired" }]);
  expect(readFileSync(mirrors.file(deb, "one")).equals(bytes)).toBe(true);
});
