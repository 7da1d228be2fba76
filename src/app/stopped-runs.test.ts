import { describe, expect, onTestFinished, test } from "vitest";
import { createTestbed } from "../../test/support/index.ts";
import { openApp } from "../../test/support/open-app.ts";
import { pauseFor } from "../platform/flow/pause.ts";
import type { MirrorEvent } from "../report/events.ts";
import type { Run } from "./index.ts";

const sync = { force: false, noPgpCheck: false };

/** A run that is stopped without a reason, and a mirror with snapshot `one` in production and `two` in staging. */
async function openStopped() {
  const site = await createTestbed({ mirrors: { noble: { suites: ["noble"] } } });
  onTestFinished(() => site[Symbol.asyncDispose]());
  site.upstream.suite("noble").addPackage("tool", "1.0-1");
  await site.upstream.publish();
  const opened = await openApp({ path: site.configFile }, { pid: process.pid, pause: pauseFor });
  onTestFinished(() => opened[Symbol.asyncDispose]());
  const events: MirrorEvent[] = [];
  const runWith = (signal: AbortSignal): Run =>
    opened.app.run({ who: "ada", signal, emit: (event) => void events.push(event) });
  const setUp = runWith(new AbortController().signal);
  await setUp.sync([], sync);
  await setUp.snapshots.create("noble", { name: "one", stage: false, force: false });
  await setUp.publish("noble", "one", undefined);
  await setUp.snapshots.create("noble", { name: "two", stage: true, force: false });
  events.length = 0;
  const signal = AbortSignal.abort();
  const { publisher, catalog } = opened.mirror("noble");
  const readState = async () => ({
    history: await opened.app.history.list({}),
    staging: await publisher.read("staging"),
    production: await publisher.read("production"),
    snapshots: (await catalog.list()).map(({ name }) => name),
  });
  return { run: runWith(signal), reason: signal.reason as unknown, readState, events };
}

const create = { name: "three", stage: true, force: false };
const installable = { snapshot: "one", packages: ["tool"], foreign: [], all: false };
const verify = { deep: false, repair: false };
const lines = { mirror: undefined, actions: undefined, since: undefined, productionOnly: false, limit: 9 };

describe("a run that was stopped before it began, whatever the reason", () => {
  test.each<[string, (run: Run) => Promise<unknown>]>([
    ["snapshots.create", (run) => run.snapshots.create("noble", create)],
    ["snapshots.list", (run) => run.snapshots.list([], { detailed: false })],
    ["snapshots.diff", (run) => run.snapshots.diff("noble", { from: "one", to: "two" })],
    ["snapshots.checkInstallable", (run) => run.snapshots.checkInstallable("noble", [], installable)],
    ["snapshots.verify", (run) => run.snapshots.verify("noble", verify)],
    ["snapshots.delete", (run) => run.snapshots.delete("noble", ["one"], { force: true })],
    ["stage", (run) => run.stage("noble", "one")],
    ["publish", (run) => run.publish("noble", "two", undefined)],
    ["promote", (run) => run.promote([], {})],
    ["rollBack", (run) => run.rollBack([], { to: "two" })],
    ["status", (run) => run.status([])],
    ["history", (run) => run.history(lines)],
  ])("rejects %s with the reason, and changes nothing", async (_verb, call) => {
    const { run, reason, readState } = await openStopped();
    const before = await readState();
    await expect(call(run)).rejects.toBe(reason);
    expect(await readState()).toEqual(before);
  });

  test.each<[string, string, (run: Run) => Promise<readonly object[]>]>([
    ["sync", "interrupted", (run) => run.sync([], sync)],
    ["dryRun", "failed", async (run) => (await run.dryRun([], sync)).outcomes],
    ["prune", "failed", (run) => run.snapshots.prune([], { keepLast: 0, dryRun: false })],
    ["a dry prune", "failed", (run) => run.snapshots.prune([], { dryRun: true })],
  ])("returns the reason as the outcome of %s, and changes nothing", async (_verb, kind, call) => {
    const { run, reason, readState, events } = await openStopped();
    const before = await readState();
    const [outcome, ...others] = await call(run);
    expect(outcome).toMatchObject({ kind, mirror: "noble" });
    expect(outcome).toHaveProperty("error", reason);
    expect(others).toEqual([]);
    expect(await readState()).toEqual(before);
    expect(events.filter(({ type }) => type === "sync-failed")).toEqual([]);
  });
});
