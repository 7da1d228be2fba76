import { describe, expect, test } from "vitest";
import { LockError } from "../../platform/locks/lock.ts";
import { Interrupted } from "../../report/errors.ts";
import { showStatus } from "../status/index.ts";
import { openSite } from "../test-support.ts";
import { syncMirrors } from "./sync.ts";

const options = { force: false, noPgpCheck: false };
const refuse = ({ mirror }: { readonly mirror: { readonly id: string } }): Promise<never> =>
  Promise.reject(new Error(`no way to ${mirror.id}`));

/** Two mirrors, and what stops the run that syncs them. */
async function openStoppable() {
  const site = await openSite();
  const stop = new AbortController();
  const { signal } = stop;
  const contexts = [site.mirror("noble"), site.mirror("jammy")].map((context) => ({ ...context, signal }));
  return { site, contexts, stop };
}

describe("several mirrors", () => {
  test("fail separately, in the log, the history and the outcome", async () => {
    const site = await openSite();
    const contexts = [site.mirror("noble"), site.mirror("jammy")];
    const outcomes = await syncMirrors(contexts, refuse, options);
    expect(outcomes).toEqual([
      { kind: "failed", mirror: "noble", error: new Error("no way to noble") },
      { kind: "failed", mirror: "jammy", error: new Error("no way to jammy") },
    ]);
    expect(site.events.filter(({ type }) => type === "sync-failed").map(({ mirror }) => mirror)).toEqual([
      "noble",
      "jammy",
    ]);
    for (const { mirror, history } of contexts)
      expect(await history.list({ mirror: mirror.id })).toEqual([
        expect.objectContaining({ action: "sync", result: "failed", detail: `no way to ${mirror.id}` }),
      ]);
    // The locks went with the failures.
    for (const context of contexts) (await context.lockWorkingMirror("sync")).release();
  });

  test("are skipped while locked, and the others go on", async () => {
    const site = await openSite();
    const noble = site.mirror("noble");
    using _lock = await noble.lockWorkingMirror("snapshot create");
    const before = await showStatus(noble);
    const outcomes = await syncMirrors([noble, site.mirror("jammy")], refuse, options);
    expect(outcomes).toMatchObject([
      { kind: "locked", mirror: "noble", error: { code: "LOCK_HELD" } },
      { kind: "failed", mirror: "jammy", error: { message: "no way to jammy" } },
    ]);
    const typesOf = (id: string) => site.events.filter(({ mirror }) => mirror === id).map(({ type }) => type);
    expect(typesOf("noble")).toEqual(["sync-locked"]);
    expect(typesOf("jammy")).toEqual(["sync-started", "sync-failed"]);
    expect(await noble.history.list({ mirror: "noble" })).toEqual([]);
    expect(await showStatus(noble)).toEqual({
      ...before,
      freeBytes: expect.any(Number),
      freeInodes: expect.any(Number),
    });
  });

  test("are left to the run that works on them if idle ones are asked for", async () => {
    const site = await openSite();
    const noble = site.mirror("noble");
    using _lock = await noble.lockWorkingMirror("sync");
    await syncMirrors([noble], refuse, { ...options, ifIdle: true });
    expect(site.events).toEqual([
      {
        mirror: "noble",
        type: "sync-left",
        reason: expect.stringMatching(/^mirror noble is locked by .*: sync/),
      },
    ]);
  });

  test.each([
    ["a signal", new Interrupted("SIGHUP")],
    ["a server", new DOMException("This operation was aborted", "AbortError")],
  ])("are each recorded if %s stopped them after they started", async (_who, reason) => {
    const { site, contexts, stop } = await openStoppable();
    const interrupt = (): Promise<never> => {
      stop.abort(reason);
      return Promise.reject(reason);
    };
    const outcomes = [
      ...(await syncMirrors(contexts.slice(0, 1), interrupt, options)),
      ...(await syncMirrors(contexts.slice(1), refuse, options)),
    ];
    expect(outcomes).toEqual([
      { kind: "interrupted", mirror: "noble", error: reason },
      { kind: "interrupted", mirror: "jammy", error: reason },
    ]);
    expect(await site.mirror("noble").history.list({})).toMatchObject([
      { mirror: "noble", action: "sync", result: "failed", detail: reason.message },
    ]);
    expect(site.events.map(({ mirror, type }) => [mirror, type])).toEqual([
      ["noble", "sync-started"],
      ["noble", "sync-interrupted"],
    ]);
  });

  test("say what else failed while they were stopped", async () => {
    const { site, contexts, stop } = await openStoppable();
    const fail = (mirror: Parameters<typeof refuse>[0]): Promise<never> => {
      stop.abort();
      return refuse(mirror);
    };
    const outcomes = await syncMirrors(contexts.slice(0, 1), fail, options);
    expect(outcomes).toEqual([{ kind: "interrupted", mirror: "noble", error: stop.signal.reason }]);
    expect(site.typesOfEvents()).toEqual(["sync-started", "sync-failed"]);
    expect(await site.mirror("noble").history.list({})).toMatchObject([{ detail: "no way to noble" }]);
  });

  test("record a failure if the lock of snapshots stays held", async () => {
    const site = await openSite();
    const noble = site.mirror("noble");
    const held = new LockError("LOCK_HELD", "the set of snapshots is locked");
    const outcomes = await syncMirrors([noble], () => Promise.reject(held), options);
    expect(outcomes).toEqual([{ kind: "failed", mirror: "noble", error: held }]);
    expect(await noble.history.list({})).toMatchObject([{ action: "sync", result: "failed" }]);
  });
});
