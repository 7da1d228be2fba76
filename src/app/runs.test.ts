import { setImmediate } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { createTestbed } from "../../test/support/index.ts";
import { openApp } from "../../test/support/open-app.ts";
import { pauseFor } from "../platform/flow/pause.ts";
import { Interrupted } from "../report/errors.ts";
import type { MirrorEvent } from "../report/events.ts";
import { workingMirrorName } from "../snapshot-name.ts";
import type { Run } from "./index.ts";

const plain = { force: false, noPgpCheck: false };
const suites = ["fast", "held", "staged"] as const;

/** A run of one user. */
interface UserRun {
  readonly run: Run;
  readonly events: MirrorEvent[];
  readonly stop: AbortController;
}

/** An app with a mirror for each suite, synced once; `staged` has a snapshot in staging. Upstream has news since. */
async function openRuns() {
  const mirrors = Object.fromEntries(suites.map((suite) => [suite, { suites: [suite] }]));
  const site = await createTestbed({ mirrors });
  onTestFinished(() => site[Symbol.asyncDispose]());
  for (const suite of suites) site.upstream.suite(suite).addPackage(`${suite}-tool`, "1.0-1");
  await site.upstream.publish();
  const opened = await openApp({ path: site.configFile }, { pid: process.pid, pause: pauseFor });
  onTestFinished(() => opened[Symbol.asyncDispose]());
  const runOf = (who: string): UserRun => {
    const events: MirrorEvent[] = [];
    const stop = new AbortController();
    const emit = (event: MirrorEvent) => void events.push(event);
    return { run: opened.app.run({ who, signal: stop.signal, emit }), events, stop };
  };
  const { run } = runOf("setup");
  await run.sync([], plain);
  await run.snapshots.create("staged", { name: "one", stage: true, force: false });
  for (const suite of suites) site.upstream.suite(suite).addPackage(`${suite}-tool`, "2.0-1");
  await site.upstream.publish();
  return { site, opened, runOf };
}

const mirrorsOf = ({ events }: UserRun): readonly string[] => [
  ...new Set(events.map(({ mirror }) => mirror)),
];

describe("several runs in one process", () => {
  test("do not disturb one another, and one of them can be cancelled", async () => {
    const { site, opened, runOf } = await openRuns();
    const [ada, bob, cleo, dora] = [runOf("ada"), runOf("bob"), runOf("cleo"), runOf("dora")];
    const held = site.server.fault({ path: /held-tool_2/, stallAt: 0 });
    const heldSync = ada.run.sync(["held"], plain);
    await held.reached;

    const [promoted, synced, status] = await Promise.all([
      bob.run.promote(["staged"], { reason: "tested" }),
      cleo.run.sync(["fast"], plain),
      dora.run.status([]),
    ]);
    ada.stop.abort(new Interrupted("SIGTERM"));
    const interrupted = await heldSync;

    expect(promoted).toMatchObject([{ mirror: "staged", snapshot: { name: "one" } }]);
    expect(synced).toMatchObject([{ kind: "synced", mirror: "fast", unchanged: false }]);
    expect(interrupted).toMatchObject([{ kind: "interrupted", mirror: "held" }]);
    const [, running] = status.mirrors;
    expect(running).toMatchObject({ mirror: "held", running: { kind: "running", verb: "sync", by: "ada" } });

    expect([ada, bob, cleo, dora].map(mirrorsOf)).toEqual([["held"], ["staged"], ["fast"], []]);
    const lines = (await opened.app.history.list({})).filter(({ who }) => who !== "setup");
    expect(lines.map(({ mirror, action, result, who }) => `${who}: ${action} ${mirror} ${result}`)).toEqual([
      "ada: sync held failed",
      ...Array.from({ length: 3 }, () => expect.stringMatching(/^(?:bob|cleo)/)),
    ]);
    expect(lines.map(({ who, action }) => `${who} ${action}`).toSorted()).toEqual([
      "ada sync",
      "bob promote",
      "bob test",
      "cleo sync",
    ]);

    held.release();
    expect(await runOf("eve").run.sync(["held"], plain)).toMatchObject([
      { kind: "synced", unchanged: false },
    ]);
  });

  test("name the user of the other run that holds a lock", async () => {
    const { site, runOf } = await openRuns();
    const held = site.server.fault({ path: /held-tool_2/, stallAt: 0 });
    const [ada, bob] = [runOf("ada"), runOf("bob")];
    const heldSync = ada.run.sync(["held"], plain);
    await held.reached;
    const [outcome] = await bob.run.sync(["held"], plain);
    expect(outcome).toMatchObject({ kind: "locked" });
    expect(bob.events).toMatchObject([
      { type: "sync-locked", error: { message: expect.stringContaining("ada: sync") } },
    ]);
    held.release();
    expect(await heldSync).toMatchObject([{ kind: "synced" }]);
  });

  test("wait for a lock without stopping the event loop", async () => {
    const { opened, runOf } = await openRuns();
    const lock = await opened.mirror("staged").lockSnapshots("test");
    const promotion = runOf("ada").run.promote(["staged"], {});
    let turns = 0;
    while (turns < 1000) {
      await setImmediate();
      turns++;
    }
    const { mirrors } = await runOf("bob").run.status(["staged"]);
    expect(mirrors).toMatchObject([{ staging: { name: "one" }, production: { name: workingMirrorName } }]);
    lock.release();
    expect(await promotion).toMatchObject([{ mirror: "staged" }]);
  });

  test("end while they wait for a lock, once they are cancelled", async () => {
    const { opened, runOf } = await openRuns();
    using _lock = await opened.mirror("staged").lockSnapshots("test");
    const ada = runOf("ada");
    const promotion = ada.run.promote(["staged"], {});
    ada.stop.abort(new Interrupted("SIGTERM"));
    await expect(promotion).rejects.toBe(ada.stop.signal.reason);
  });
});
