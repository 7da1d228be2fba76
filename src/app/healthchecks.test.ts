import { describe, expect, test } from "vitest";
import { mirrorOfEachTest } from "./notifying.fixture.ts";

const bed = mirrorOfEachTest();
const { breakUpstream, notify, run } = bed;

const check = () => ({ type: "healthchecks", url: `${bed.receiver.url}/0b6c-a-uuid` });
const pings = () => bed.receiver.received.map(({ target }) => target.replace(/rid=[0-9a-f-]{36}$/, "rid=…"));

describe("checks of Healthchecks", () => {
  test("hear of the start and the end of each sync", async () => {
    notify(check());
    await run("sync");
    expect(pings()).toEqual(["/0b6c-a-uuid/start?rid=…", "/0b6c-a-uuid?rid=…"]);
    const [start, end] = bed.receiver.received.map(({ target }) => target.split("rid=")[1]);
    expect(start).toBe(end);
  });

  test("hear of a failure with the exit status and the end of the log", async () => {
    notify(check());
    breakUpstream();
    const { status } = await run("sync");
    expect(pings()).toEqual(["/0b6c-a-uuid/start?rid=…", `/0b6c-a-uuid/${status}?rid=…`]);
    expect(bed.receiver.received[1]?.body).toContain("ERROR Sync failed for noble");
  });

  test("hear of a sync that was interrupted", async () => {
    notify(check());
    const held = bed.site.server.fault({ path: /InRelease/, stallAt: 0 });
    const stop = new AbortController();
    const synced = run("sync", { signal: stop.signal });
    await held.reached;
    const { Interrupted } = await import("../report/errors.ts");
    stop.abort(new Interrupted("SIGTERM"));
    expect((await synced).status).toBe(143);
    expect(pings().at(-1)).toBe("/0b6c-a-uuid/143?rid=…");
  });

  test("get no ping later that failed now", async () => {
    notify(check());
    bed.receiver.answer = { status: 500 };
    const { status, stderr } = await run("sync");
    expect(status).toBe(0);
    expect(stderr).toContain('healthchecks 1 did not get "end"');
    expect(stderr).not.toContain("tries again");
    bed.receiver.answer = { status: 200 };
    bed.receiver.received.length = 0;
    await run("snapshot prune");
    expect(bed.receiver.received).toEqual([]);
  });

  test("do not hear from mirrors that they do not watch", async () => {
    bed.site.configure({
      mirrors: { noble: {}, jammy: {} },
      notify: [{ ...check(), mirrors: ["jammy"] }],
    });
    await run("sync noble");
    expect(bed.receiver.received).toEqual([]);
  });
});
