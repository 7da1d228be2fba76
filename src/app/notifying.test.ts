import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { mirrorOfEachTest, webhook } from "./notifying.fixture.ts";

const bed = mirrorOfEachTest();
const { breakUpstream, eventsReceived, later, notify, run } = bed;

const trees = () =>
  bed.receiver.received.map(({ body }) => (JSON.parse(body) as { data: { tree: string } }).data.tree);

describe("notifications of a run", () => {
  test("tell a failure once, and its end once", async () => {
    notify({ ...webhook, events: ["sync.failed", "sync.recovered"] });
    await run("sync");
    expect(eventsReceived()).toEqual([]);

    const fault = breakUpstream();
    await run("sync");
    await run("sync");
    expect(eventsReceived()).toEqual(["sync.failed"]);
    expect(JSON.parse(bed.receiver.received[0]?.body ?? "")).toMatchObject({
      data: { mirror: "noble", reason: expect.stringContaining("500"), title: "noble: sync failed" },
    });

    fault.disarm();
    await run("sync");
    await run("sync");
    expect(eventsReceived()).toEqual(["sync.failed", "sync.recovered"]);
  });

  test("tell what is staged, promoted and rolled back, by whom and why", async () => {
    notify(webhook);
    await run("sync");
    await run("snapshot promote noble --reason tested");
    later(1);
    bed.site.upstream.suite("stable").addPackage("tool", "2.0-1");
    await bed.site.upstream.publish();
    await run("sync");
    await run("snapshot promote noble");
    await run("snapshot rollback noble --reason broken");
    expect(eventsReceived()).toEqual(["staged", "promoted", "staged", "promoted", "rolled_back"]);
    const last = JSON.parse(bed.receiver.received.at(-1)?.body ?? "") as { data: object };
    expect(last.data).toMatchObject({ mirror: "noble", by: "ada", reason: "broken" });
  });

  test("leave out what was there before they were configured", async () => {
    await run("sync");
    await run("snapshot promote noble");
    notify(webhook);
    await run("snapshot prune");
    expect(eventsReceived()).toEqual([]);
  });

  test("go only to those who want the event of that mirror", async () => {
    bed.site.configure({
      mirrors: { noble: { publish_to_staging: true }, jammy: {} },
      notify: [
        { ...webhook, url: `${bed.receiver.url}/noble`, mirrors: ["no*"] },
        { ...webhook, url: `${bed.receiver.url}/jammy`, mirrors: ["jammy"] },
        { ...webhook, url: `${bed.receiver.url}/promoted`, events: ["promoted"] },
      ],
    });
    await run("sync");
    expect(bed.receiver.received.map(({ target }) => target)).toEqual(["/noble"]);
    await run("snapshot promote noble");
    expect(bed.receiver.received.map(({ target }) => target).toSorted()).toEqual([
      "/noble",
      "/noble",
      "/promoted",
    ]);
  });

  test("tell damage once, and again after it was repaired and came back", async () => {
    notify({ ...webhook, events: ["damaged"] });
    await run("sync");
    const [name = ""] = JSON.parse((await run("--json snapshot list")).stdout).map(
      (one: { name: string }) => one.name,
    ) as string[];
    const file = bed.site.join("www", ".snapshots", "noble", name, "pool/main/t/tool/tool_1.0-1_amd64.deb");
    const damage = () => {
      chmodSync(file, 0o644);
      writeFileSync(file, "damaged");
    };
    damage();
    await run(`snapshot verify noble ${name} --deep`);
    await run(`snapshot verify noble ${name} --deep`);
    expect(trees()).toEqual(["(working mirror)", name]); // which share the file
    await run(`snapshot verify noble ${name} --deep --repair`);
    damage();
    await run(`snapshot verify noble ${name} --deep`);
    expect(trees()).toEqual(["(working mirror)", name, "(working mirror)", name]);
  });

  test("tell that what is staged fails its gates", async () => {
    bed.site.configure({
      gates: { min_packages: 5 },
      mirrors: { noble: { publish_to_staging: true } },
      notify: [{ ...webhook, url: bed.receiver.url, events: ["gate.failed"] }],
    });
    await run("sync");
    expect((await run("snapshot promote noble")).status).toBe(3);
    expect(eventsReceived()).toEqual(["gate.failed"]);
    await run("snapshot test noble");
    expect(eventsReceived()).toEqual(["gate.failed"]);
  });

  test("give a program the facts in its environment and as JSON", async () => {
    const log = bed.site.join("told");
    const script = bed.site.join("tell");
    writeFileSync(
      script,
      `#!/bin/sh\nprintf '%s %s %s\\n' "$MIRRORCTL_EVENT" "$MIRRORCTL_MIRROR" "$MIRRORCTL_REASON" >> ${log}\ncat >> ${log}\n`,
      { mode: 0o755 },
    );
    notify({ type: "command", command: [script], events: ["promoted"] });
    await run("sync");
    expect(existsSync(log)).toBe(false);
    await run("snapshot promote noble --reason tested");
    const [line, json = ""] = readFileSync(log, "utf8").split("\n");
    expect(line).toBe("promoted noble tested");
    expect(JSON.parse(json)).toMatchObject({ type: "promoted", data: { by: "ada", reason: "tested" } });
  });
});
