import { readFileSync, statSync, writeFileSync } from "node:fs";
import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";
import { mirrorOfEachTest, secret, webhook } from "./notifying.fixture.ts";

const bed = mirrorOfEachTest();
const { eventsReceived, kept, keptFile, later, notify, run } = bed;

describe("messages", () => {
  test("are signed so that another implementation accepts them", async () => {
    notify(webhook);
    await run("sync");
    const [message] = bed.receiver.received;
    const headers = Object.fromEntries(
      ["webhook-id", "webhook-timestamp", "webhook-signature"].map((name) => [
        name,
        String(message?.headers[name]),
      ]),
    );
    expect(() => new Webhook(secret).verify(message?.body ?? "", headers)).not.toThrow();
    expect(() => new Webhook(secret).verify(`${message?.body} `, headers)).toThrow("No matching signature");
  });

  test("are kept if they cannot be sent, and sent by the next run under the same id", async () => {
    notify(webhook);
    bed.receiver.answer = { status: 503, body: "closed" };
    const synced = await run("sync");
    expect(synced).toMatchObject({ status: 0 });
    expect(synced.stderr).toContain(`webhook 1 did not get "noble: `);
    expect(synced.stderr).toContain(
      `${bed.receiver.url} answers 503 Service Unavailable: closed. The next run tries again`,
    );
    expect(kept().queue).toHaveLength(1);
    expect(statSync(keptFile()).mode & 0o777).toBe(0o600);

    bed.receiver.answer = { status: 200 };
    await run("snapshot prune");
    const ids = bed.receiver.received.map(({ headers }) => headers["webhook-id"]);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
    expect(kept().queue).toEqual([]);
  });

  test("wait as long as Retry-After says", async () => {
    notify(webhook);
    bed.receiver.answer = { status: 429, headers: { "retry-after": "3600" } };
    await run("sync");
    bed.receiver.answer = { status: 200 };
    later(59);
    await run("snapshot prune");
    expect(bed.receiver.received).toHaveLength(1);
    later(2);
    await run("snapshot prune");
    expect(bed.receiver.received).toHaveLength(2);
  });

  test("tell what the first run changed, also if it was killed before it reported", async () => {
    notify(webhook);
    const stop = new AbortController();
    const held = bed.site.server.fault({ path: /tool_1.0-1_amd64.deb/, stallAt: 0 });
    const first = run("sync", { signal: stop.signal });
    await held.reached;
    const left = readFileSync(keptFile()); // as a kill at any later moment leaves it
    held.disarm();
    stop.abort(new Error("ended"));
    await first;
    await run("sync");
    writeFileSync(keptFile(), left);
    bed.receiver.received.length = 0;
    await run("snapshot prune");
    expect(eventsReceived()).toEqual(["staged"]);
  });

  test("are sent by the next run if a run was killed before it sent them", async () => {
    notify(webhook);
    bed.receiver.answer = "nothing";
    const stop = new AbortController();
    const first = run("sync", { signal: stop.signal });
    await expect.poll(() => bed.receiver.received.length).toBe(1);
    // On disk as a kill at this moment leaves it.
    const left = readFileSync(keptFile());
    stop.abort(new Error("ended"));
    await first;
    writeFileSync(keptFile(), left);

    bed.receiver.answer = { status: 200 };
    await run("snapshot prune");
    expect(bed.receiver.received).toHaveLength(1); // the killed run may still be sending it
    later(11);
    await run("snapshot prune");
    expect(bed.receiver.received.map(({ headers }) => headers["webhook-id"])).toHaveLength(2);
    expect(eventsReceived()).toEqual(["staged", "staged"]);
  });

  test("hold a run no longer than time_limit, and no lock", async () => {
    notify({ ...webhook, time_limit: "300ms" });
    bed.receiver.answer = "nothing";
    const synced = await run("sync");
    expect(synced.status).toBe(0);
    expect(synced.stderr).toContain("no answer within 0.3 s. The next run tries again");
  });

  test("do not follow a redirect, which would carry the message elsewhere", async () => {
    notify(webhook);
    bed.receiver.answer = { status: 301, headers: { location: "http://elsewhere.example/x-T0KEN" } };
    const { stderr } = await run("sync");
    expect(bed.receiver.received).toHaveLength(1);
    expect(stderr).toContain(
      "answers 301 Moved Permanently, to http://elsewhere.example: write the URL that it leads to",
    );
  });

  test("show no secret in output, history and state", async () => {
    notify(webhook);
    bed.receiver.answer = { status: 404, body: "no hook T0KEN-of-a-hook at /hooks/T0KEN-of-a-hook" };
    const lines = [
      await run("--verbose-errors -l debug sync"),
      await run("--json check notify"),
      await run("--json history"),
      await run("--json check config"),
    ];
    expect(lines[0]?.stderr).toContain("404 Not Found: no hook *** at ***");
    const all = [
      ...lines.map(({ stdout, stderr }) => stdout + stderr),
      readFileSync(keptFile(), "utf8"),
    ].join();
    expect(all).not.toContain("T0KEN");
    expect(all).not.toContain(secret);
  });

  test("wait alone if a recipient refuses one of them", async () => {
    const log = bed.site.join("told");
    const script = `test "$MIRRORCTL_EVENT" != staged && echo "$MIRRORCTL_EVENT" >> ${log}`;
    notify({ type: "command", command: ["/bin/sh", "-c", script] });
    await run("sync");
    await run("snapshot promote noble");
    expect(readFileSync(log, "utf8")).toBe("promoted\n");
    expect(kept().queue).toHaveLength(1);
  });

  test("say what a program that fails says", async () => {
    notify({ type: "command", command: ["/bin/sh", "-c", "echo no phone >&2; exit 7"] });
    expect((await run("sync")).stderr).toContain("/bin/sh exited with 7: no phone. The next run tries again");
  });
});
