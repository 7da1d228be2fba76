import { describe, expect, test } from "vitest";
import { openSite } from "../test-support.ts";
import { syncMirrors } from "./sync-mirrors.ts";

const options = { dryRun: false, force: false, noPgpCheck: false };
const refuse = ({ mirror }: { readonly mirror: { readonly id: string } }): Promise<never> =>
  Promise.reject(new Error(`no way to ${mirror.id}`));

describe("several mirrors", () => {
  test("fail each on its own, in the log, the history and the outcome", async () => {
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
      expect(history.list({ mirror: mirror.id })).toEqual([
        expect.objectContaining({ action: "sync", result: "failed", detail: `no way to ${mirror.id}` }),
      ]);
    // The locks went with the failures.
    for (const context of contexts) context.lockWorkingMirror("sync").release();
  });

  test("that are locked are left alone, and the others are tried all the same", async () => {
    const site = await openSite();
    using _lock = site.mirror("noble").lockWorkingMirror("snapshot create");
    const outcomes = await syncMirrors([site.mirror("noble"), site.mirror("jammy")], refuse, options);
    expect(outcomes).toMatchObject([
      { error: { code: "LOCK_HELD" } },
      { error: { message: "no way to jammy" } },
    ]);
  });

  test("leave no line in the history when it was a dry run", async () => {
    const site = await openSite();
    await syncMirrors([site.mirror("noble")], refuse, { ...options, dryRun: true });
    expect(site.mirror("noble").history.list({})).toEqual([]);
  });
});
