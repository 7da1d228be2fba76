/** Mirrors of one app that need the same bytes. */
import { describe, expect, onTestFinished, test } from "vitest";
import { createTestbed, listFiles, serveDirectory, type TestbedConfig } from "../../test/support/index.ts";
import { openApp } from "../../test/support/open-app.ts";
import { Interrupted } from "../report/errors.ts";
import type { MirrorEvent } from "../report/events.ts";

const plain = { force: false, noPgpCheck: false };
const packages = 20;
const deb = /package7_/;

/** An app of mirrors of one repository, which a second server has as well. */
async function openMirrors(configOf: (otherUrl: string) => TestbedConfig) {
  const site = await createTestbed({});
  onTestFinished(() => site[Symbol.asyncDispose]());
  const other = await serveDirectory(site.upstream.dir);
  onTestFinished(() => other.close());
  for (let number = 1; number <= packages; number++)
    site.upstream.suite("stable").addPackage(`package${number}`, "1.0-1");
  await site.upstream.publish();
  site.configure(configOf(other.url));
  const { app, ...opened } = await openApp({ path: site.configFile });
  onTestFinished(() => opened[Symbol.asyncDispose]());
  /** Starts a sync by somebody else. `has` settles once its tree has so many packages. */
  const startSync = (ids: readonly string[]) => {
    const stop = new AbortController();
    const waits: { readonly files: number; readonly end: () => void }[] = [];
    let had = 0;
    const emit = (event: MirrorEvent): void => {
      if (event.type === "transfer-planned") had += event.heldFiles;
      if (event.type === "file-linked") had += 1;
      if (event.type === "file-fetched" && event.path.startsWith("pool/")) had += 1;
      for (const { files, end } of waits) if (had >= files) end();
    };
    const run = app.run({ who: "ada", signal: stop.signal, emit });
    const has = (files: number): Promise<void> =>
      new Promise((resolve) => void waits.push({ files, end: resolve }));
    return { outcomes: run.sync(ids, plain), stop, has };
  };
  return {
    site,
    other,
    startSync,
    poolOf: (id: string): Promise<readonly string[]> => listFiles(`${site.dir}/${id}/.live/pool`),
  };
}

/** Returns the requested paths of packages and of indices by digest. */
const contentsAsked = (requests: readonly { readonly path: string }[]): readonly string[] =>
  requests.map(({ path }) => path).filter((path) => /^\/pool\/|\/by-hash\//.test(path));

const timesAsked = (requests: readonly { readonly path: string }[]): number =>
  requests.filter(({ path }) => deb.test(path)).length;

/** Mirror `a` requests a package and gets no answer; `b`, of another server, waits for it and has all others. */
async function openWaiting(answer: { readonly status: 404 } | object) {
  const mirrors = await openMirrors((url) => ({ mirrors: { a: {}, b: { url } } }));
  const { site, other, startSync } = mirrors;
  const { promise: answered, resolve: release } = Promise.withResolvers<void>();
  const { promise: requested, resolve: request } = Promise.withResolvers<void>();
  site.server.fault({ path: deb, ...answer, before: () => request(), delayUntil: answered });
  onTestFinished(() => release());
  const first = startSync(["a"]);
  await requested;
  const second = startSync(["b"]);
  await second.has(packages - 1);
  expect(timesAsked(other.requests)).toBe(0);
  return { ...mirrors, first, second, release };
}

test("mirrors that need the same bytes download them once, indices too", async () => {
  const ids = ["a", "b", "c", "d", "e", "f"];
  const { site, startSync, poolOf } = await openMirrors(() => ({
    mirrors: Object.fromEntries(ids.map((id) => [id, {}])),
  }));
  const outcomes = await startSync([]).outcomes;
  expect(outcomes.map(({ kind }) => kind)).toEqual(ids.map(() => "synced"));
  const asked = contentsAsked(site.server.requests);
  expect(asked.toSorted()).toEqual([...new Set(asked)].toSorted());
  expect(asked.filter((path) => path.startsWith("/pool/"))).toHaveLength(packages);
  expect(asked.length).toBeGreaterThan(packages);
  for (const id of ids) expect(await poolOf(id)).toHaveLength(packages);
  const fetched = outcomes.map((outcome) => (outcome.kind === "synced" ? outcome.fetchedFiles : 0));
  expect(fetched.reduce((sum, files) => sum + files)).toBe(packages);
});

describe("a mirror that waits for what another one downloads", () => {
  test("links it", async () => {
    const { other, poolOf, first, second, release } = await openWaiting({});
    release();
    expect(await first.outcomes).toMatchObject([{ kind: "synced" }]);
    expect(await second.outcomes).toMatchObject([{ kind: "synced" }]);
    expect(timesAsked(other.requests)).toBe(0);
    expect(await poolOf("b")).toHaveLength(packages);
  });

  test("downloads it from its own upstream if the other fails", async () => {
    const { other, poolOf, first, second, release } = await openWaiting({ status: 404 });
    release();
    expect(await first.outcomes).toMatchObject([{ kind: "failed" }]);
    expect(await second.outcomes).toMatchObject([{ kind: "synced" }]);
    expect(timesAsked(other.requests)).toBe(1);
    expect(await poolOf("b")).toHaveLength(packages);
  });

  test("downloads it if the other is canceled", async () => {
    const { other, poolOf, first, second } = await openWaiting({});
    first.stop.abort(new Interrupted("SIGTERM"));
    expect(await first.outcomes).toMatchObject([{ kind: "interrupted" }]);
    expect(await second.outcomes).toMatchObject([{ kind: "synced" }]);
    expect(timesAsked(other.requests)).toBe(1);
    expect(await poolOf("b")).toHaveLength(packages);
  });

  test("ends at once when it is canceled, and the other goes on", async () => {
    const { poolOf, first, second, release } = await openWaiting({});
    second.stop.abort(new Interrupted("SIGTERM"));
    expect(await second.outcomes).toMatchObject([{ kind: "interrupted" }]);
    release();
    expect(await first.outcomes).toMatchObject([{ kind: "synced" }]);
    expect(await poolOf("a")).toHaveLength(packages);
  });
});
