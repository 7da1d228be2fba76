import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { Webhook } from "standardwebhooks";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  createSigningKey,
  createTestbed,
  type Receiver,
  type SigningKey,
  startReceiver,
  type Testbed,
} from "../../test/support/index.ts";
import { type CommandSettings, runCommand } from "../../test/support/run-command.ts";

const secret = `whsec_${Buffer.from("a key of thirty-two random bytes").toString("base64")}`;

let key: SigningKey;
let site: Testbed;
let receiver: Receiver;
let now = new Date();

beforeAll(async () => {
  key = await createSigningKey();
});

beforeEach(async () => {
  now = new Date();
  receiver = await startReceiver();
  site = await createTestbed({ mirrors: { noble: { publish_to_staging: true } } }, { key });
  site.upstream.suite("stable").addPackage("tool", "1.0-1");
  await site.upstream.publish();
});

afterEach(async () => {
  await site[Symbol.asyncDispose]();
  await receiver[Symbol.asyncDispose]();
});

const webhook = { type: "webhook", secret };
/** Puts the tables into the configuration; webhooks without a URL go to the receiver. */
function notify(...tables: readonly Readonly<Record<string, unknown>>[]): void {
  site.configure({
    mirrors: { noble: { publish_to_staging: true } },
    notify: tables.map((table) =>
      table["type"] === "command" || table["type"] === "email"
        ? table
        : { url: `${receiver.url}/hooks/T0KEN-of-a-hook`, ...table },
    ),
  });
}

const run = (line: string, settings: CommandSettings = {}) =>
  runCommand(["-c", site.configFile, ...line.split(" ")], { now: () => now, ...settings });

/** Lets the clock go on, so that each snapshot has a name of its own. */
const later = (minutes: number): void => {
  now = new Date(now.getTime() + minutes * 60_000);
};

const breakUpstream = () => site.server.fault({ path: /InRelease|Release/, status: 500 });

const eventsReceived = (): readonly string[] =>
  receiver.received.map(({ body }) => (JSON.parse(body) as { type: string }).type);

const keptFile = () => site.join("www", ".mirrorctl", "state", "notifications", "outbox.json");
const kept = () => JSON.parse(readFileSync(keptFile(), "utf8")) as { queue: { message: { id: string } }[] };

const trees = () =>
  receiver.received.map(({ body }) => (JSON.parse(body) as { data: { tree: string } }).data.tree);

describe("notifications of a run", () => {
  test("tell a failure once, and its end once", async () => {
    notify({ ...webhook, events: ["sync.failed", "sync.recovered"] });
    await run("sync");
    expect(eventsReceived()).toEqual([]);

    const fault = breakUpstream();
    await run("sync");
    await run("sync");
    expect(eventsReceived()).toEqual(["sync.failed"]);
    expect(JSON.parse(receiver.received[0]?.body ?? "")).toMatchObject({
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
    site.upstream.suite("stable").addPackage("tool", "2.0-1");
    await site.upstream.publish();
    await run("sync");
    await run("snapshot promote noble");
    await run("snapshot rollback noble --reason broken");
    expect(eventsReceived()).toEqual(["staged", "promoted", "staged", "promoted", "rolled_back"]);
    const last = JSON.parse(receiver.received.at(-1)?.body ?? "") as { data: object };
    expect(last.data).toMatchObject({ mirror: "noble", by: "ada", reason: "broken" });
  });

  test("leave out what was there before they were configured", async () => {
    await run("sync");
    await run("snapshot promote noble");
    notify(webhook);
    await run("snapshot prune");
    expect(eventsReceived()).toEqual([]);
  });

  test("are signed so that another implementation accepts them", async () => {
    notify(webhook);
    await run("sync");
    const [message] = receiver.received;
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
    receiver.answer = { status: 503, body: "closed" };
    const synced = await run("sync");
    expect(synced).toMatchObject({ status: 0 });
    expect(synced.stderr).toContain(`webhook 1 did not get "noble: `);
    expect(synced.stderr).toContain(
      `${receiver.url} answers 503 Service Unavailable: closed. The next run tries again`,
    );
    expect(kept().queue).toHaveLength(1);
    expect(statSync(keptFile()).mode & 0o777).toBe(0o600);

    receiver.answer = { status: 200 };
    await run("snapshot prune");
    const ids = receiver.received.map(({ headers }) => headers["webhook-id"]);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
    expect(kept().queue).toEqual([]);
  });

  test("wait as long as Retry-After says", async () => {
    notify(webhook);
    receiver.answer = { status: 429, headers: { "retry-after": "3600" } };
    await run("sync");
    receiver.answer = { status: 200 };
    later(59);
    await run("snapshot prune");
    expect(receiver.received).toHaveLength(1);
    later(2);
    await run("snapshot prune");
    expect(receiver.received).toHaveLength(2);
  });

  test("tell what the first run changed, also if it was killed before it reported", async () => {
    notify(webhook);
    const stop = new AbortController();
    const held = site.server.fault({ path: /tool_1.0-1_amd64.deb/, stallAt: 0 });
    const first = run("sync", { signal: stop.signal });
    await held.reached;
    const left = readFileSync(keptFile()); // as a kill at any later moment leaves it
    held.disarm();
    stop.abort(new Error("ended"));
    await first;
    await run("sync");
    writeFileSync(keptFile(), left);
    receiver.received.length = 0;
    await run("snapshot prune");
    expect(eventsReceived()).toEqual(["staged"]);
  });

  test("are sent by the next run if a run was killed before it sent them", async () => {
    notify(webhook);
    receiver.answer = "nothing";
    const stop = new AbortController();
    const first = run("sync", { signal: stop.signal });
    await expect.poll(() => receiver.received.length).toBe(1);
    // On disk as a kill at this moment leaves it.
    const left = readFileSync(keptFile());
    stop.abort(new Error("ended"));
    await first;
    writeFileSync(keptFile(), left);

    receiver.answer = { status: 200 };
    await run("snapshot prune");
    expect(receiver.received).toHaveLength(1); // the killed run may still be sending it
    later(11);
    await run("snapshot prune");
    expect(receiver.received.map(({ headers }) => headers["webhook-id"])).toHaveLength(2);
    expect(eventsReceived()).toEqual(["staged", "staged"]);
  });

  test("hold a run no longer than time_limit, and no lock", async () => {
    notify({ ...webhook, time_limit: "300ms" });
    receiver.answer = "nothing";
    const synced = await run("sync");
    expect(synced.status).toBe(0);
    expect(synced.stderr).toContain("no answer within 0.3 s. The next run tries again");
  });

  test("do not follow a redirect, which would carry the message elsewhere", async () => {
    notify(webhook);
    receiver.answer = { status: 301, headers: { location: "http://elsewhere.example/x-T0KEN" } };
    const { stderr } = await run("sync");
    expect(receiver.received).toHaveLength(1);
    expect(stderr).toContain(
      "answers 301 Moved Permanently, to http://elsewhere.example: write the URL that it leads to",
    );
  });

  test("show no secret in output, history and state", async () => {
    notify(webhook);
    receiver.answer = { status: 404, body: "no hook T0KEN-of-a-hook at /hooks/T0KEN-of-a-hook" };
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

  test("go only to those who want the event of that mirror", async () => {
    site.configure({
      mirrors: { noble: { publish_to_staging: true }, jammy: {} },
      notify: [
        { ...webhook, url: `${receiver.url}/noble`, mirrors: ["no*"] },
        { ...webhook, url: `${receiver.url}/jammy`, mirrors: ["jammy"] },
        { ...webhook, url: `${receiver.url}/promoted`, events: ["promoted"] },
      ],
    });
    await run("sync");
    expect(receiver.received.map(({ target }) => target)).toEqual(["/noble"]);
    await run("snapshot promote noble");
    expect(receiver.received.map(({ target }) => target).toSorted()).toEqual([
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
    const file = site.join("www", ".snapshots", "noble", name, "pool/main/t/tool/tool_1.0-1_amd64.deb");
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
    site.configure({
      gates: { min_packages: 5 },
      mirrors: { noble: { publish_to_staging: true } },
      notify: [{ ...webhook, url: receiver.url, events: ["gate.failed"] }],
    });
    await run("sync");
    expect((await run("snapshot promote noble")).status).toBe(3);
    expect(eventsReceived()).toEqual(["gate.failed"]);
    await run("snapshot test noble");
    expect(eventsReceived()).toEqual(["gate.failed"]);
  });

  test("give a program the facts in its environment and as JSON", async () => {
    const log = site.join("told");
    const script = site.join("tell");
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

  test("wait alone if a recipient refuses one of them", async () => {
    const log = site.join("told");
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

const check = () => ({ type: "healthchecks", url: `${receiver.url}/0b6c-a-uuid` });
const pings = () => receiver.received.map(({ target }) => target.replace(/rid=[0-9a-f-]{36}$/, "rid=…"));

describe("checks of Healthchecks", () => {
  test("hear of the start and the end of each sync", async () => {
    notify(check());
    await run("sync");
    expect(pings()).toEqual(["/0b6c-a-uuid/start?rid=…", "/0b6c-a-uuid?rid=…"]);
    const [start, end] = receiver.received.map(({ target }) => target.split("rid=")[1]);
    expect(start).toBe(end);
  });

  test("hear of a failure with the exit status and the end of the log", async () => {
    notify(check());
    breakUpstream();
    const { status } = await run("sync");
    expect(pings()).toEqual(["/0b6c-a-uuid/start?rid=…", `/0b6c-a-uuid/${status}?rid=…`]);
    expect(receiver.received[1]?.body).toContain("ERROR Sync failed for noble");
  });

  test("hear of a sync that was interrupted", async () => {
    notify(check());
    const held = site.server.fault({ path: /InRelease/, stallAt: 0 });
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
    receiver.answer = { status: 500 };
    const { status, stderr } = await run("sync");
    expect(status).toBe(0);
    expect(stderr).toContain('healthchecks 1 did not get "end"');
    expect(stderr).not.toContain("tries again");
    receiver.answer = { status: 200 };
    receiver.received.length = 0;
    await run("snapshot prune");
    expect(receiver.received).toEqual([]);
  });

  test("do not hear from mirrors that they do not watch", async () => {
    site.configure({
      mirrors: { noble: {}, jammy: {} },
      notify: [{ ...check(), mirrors: ["jammy"] }],
    });
    await run("sync noble");
    expect(receiver.received).toEqual([]);
  });
});

describe("check notify", () => {
  test("sends a test message to each, and says who took it", async () => {
    notify(
      webhook,
      { type: "healthchecks", url: `${receiver.url}/uuid` },
      { type: "command", command: ["/bin/false"] },
    );
    const { status, stdout } = await run("check notify");
    expect(status).toBe(1);
    expect(stdout).toContain("webhook 1       sent");
    expect(stdout).toContain("command 3       not sent: /bin/false exited with 1");
    expect(stdout).toContain("healthchecks 2  sent");
    expect(receiver.received.map(({ target }) => target).toSorted()).toEqual([
      "/hooks/T0KEN-of-a-hook",
      "/uuid/log",
    ]);
    expect(existsSync(keptFile())).toBe(false);
  });

  test("reads secrets from files", async () => {
    writeFileSync(site.join("hook-url"), `${receiver.url}/from-a-file\n`);
    writeFileSync(site.join("hook-secret"), `${secret}\n`);
    site.configure({
      mirrors: { noble: {} },
      notify: [{ type: "webhook", url_file: "hook-url", secret_file: "hook-secret" }],
    });
    expect((await run("check notify")).status).toBe(0);
    expect(receiver.received.map(({ target }) => target)).toEqual(["/from-a-file"]);
  });

  test("says that nobody is named", async () => {
    notify();
    expect(await run("check notify")).toMatchObject({
      status: 0,
      stdout: "The configuration has no [[notify]] table: nobody is notified.\n",
    });
  });
});
