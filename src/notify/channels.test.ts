import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sample, string, tuple } from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  type Receiver,
  startReceiver,
  type TemporaryDirectory,
  temporaryDirectory,
} from "../../test/support/index.ts";
import type { Message } from "../news/index.ts";
import { openPrograms } from "../platform/machine/programs.ts";
import {
  type ConnectionPools,
  createConnectionPools,
  createPost,
  defaultTimeouts,
} from "../upstream/index.ts";
import { emailMessage } from "./email-message.ts";
import { encodeHeaderText } from "./header-text.ts";
import { command, email, healthchecks, ntfy, type Post, slack } from "./index.ts";
import { cutTo } from "./ntfy.ts";

const { signal } = new AbortController();
const sentAt = new Date("2026-05-04T12:00:00Z");

let receiver: Receiver;
let pools: ConnectionPools;
let post: Post;
let directory: TemporaryDirectory;

beforeAll(async () => {
  receiver = await startReceiver();
  directory = await temporaryDirectory();
  pools = createConnectionPools();
  const settings = { tls: {}, proxy: {}, authEntries: [], maxConns: 2, timeouts: defaultTimeouts };
  post = createPost(
    { ...settings, onPipelining: () => undefined, userAgent: "mirrorctl/test", now: () => sentAt },
    pools,
  );
});
beforeEach(() => {
  receiver.received.length = 0;
  receiver.answer = { status: 200 };
});
afterAll(async () => {
  await pools.close();
  await receiver[Symbol.asyncDispose]();
  await directory[Symbol.asyncDispose]();
});

const message = (more: Partial<Message> = {}): Message => ({
  id: "msg_1",
  at: sentAt.toISOString(),
  mood: "bad",
  title: "noble: sync failed",
  text: "it broke\n\nmirrorctl on mirror01",
  news: [],
  ...more,
});

const at = (path: string): URL => new URL(path, receiver.url);
const programs = () =>
  openPrograms(process.env["PATH"], {
    signal,
    signalGroup: (group, name) => void process.kill(-group, name),
  });
const programRun = (limitMs = 10_000) => ({
  programs: programs(),
  tempDir: tmpdir(),
  limitMs,
  host: "mirror01",
});

describe("slack", () => {
  test("sends text that mentions nobody and formats nothing", async () => {
    await slack(at("/services/x"), post).send(
      message({ title: "a <b> & c", text: "<!channel> @all ``` *x*" }),
      signal,
    );
    const [received] = receiver.received;
    expect(received?.headers["content-type"]).toBe("application/json");
    expect(JSON.parse(received?.body ?? "")).toEqual({
      text: "a &lt;b&gt; &amp; c\n```\n&lt;!channel&gt; @all ''' *x*\n```",
    });
  });
});

describe("ntfy", () => {
  test("sends a title, a priority, and the token if there is one", async () => {
    await ntfy(at("/mirrors"), "tk_abc", post).send(message(), signal);
    expect(receiver.received).toMatchObject([
      {
        method: "POST",
        target: "/mirrors",
        body: "it broke\n\nmirrorctl on mirror01",
        headers: { title: "noble: sync failed", priority: "high", authorization: "Bearer tk_abc" },
      },
    ]);
    await ntfy(at("/mirrors"), undefined, post).send(message({ mood: "good" }), signal);
    expect(receiver.received[1]?.headers).toMatchObject({ priority: "default", tags: "white_check_mark" });
    expect(receiver.received[1]?.headers.authorization).toBeUndefined();
  });

  test("sends the user and password of the URL", async () => {
    const url = at("/mirrors");
    url.username = "ada";
    url.password = "p%40ss";
    await ntfy(url, undefined, post).send(message(), signal);
    const expected = `Basic ${Buffer.from("ada:p@ss").toString("base64")}`;
    expect(receiver.received[0]?.headers.authorization).toBe(expected);
  });

  test("cuts a long text within 4,096 bytes, between characters", () => {
    expect(Buffer.byteLength(cutTo("é".repeat(4_000), 4_095))).toBe(4_094);
    expect(cutTo("short", 4_096)).toBe("short");
  });

  test("leaves the token out of an error that the server repeats it in", async () => {
    receiver.answer = { status: 403, body: `bad token tk_secret123 ${"x".repeat(166)} tk_secret123` };
    const sent = ntfy(at("/mirrors"), "tk_secret123", post).send(message(), signal);
    await expect(sent).rejects.toThrow(/answers 403 Forbidden: bad token \*\*\* x+ \*\*\*$/);
  });
});

describe("healthchecks", () => {
  test("keeps the query of a URL, and sends the end of a long log", async () => {
    const log = `${"an early line\n".repeat(2_000)}the last line\n`;
    await healthchecks(at("/ping/slug?create=1"), post).end("run-1", 1, log, signal);
    const [received] = receiver.received;
    const body = received?.body ?? "";
    expect(received?.target).toBe("/ping/slug/1?create=1&rid=run-1");
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(10_000);
    expect(body).toMatch(/^an early line\n.*the last line\n$/s);
  });
});

/** Parses a message as Python does. */
function parsed(text: string): {
  readonly headers: Record<string, string>;
  readonly names: string[];
  readonly body: string;
} {
  const program = `
import sys, json, email, email.policy
m = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
print(json.dumps({"headers": {k.lower(): str(v) for k, v in m.items()}, "names": m.keys(), "body": m.get_content(),
  "defects": [str(d) for d in m.defects]}))`;
  const answer = JSON.parse(
    execFileSync("/usr/bin/python3", ["-c", program], { input: text, encoding: "utf8" }),
  );
  expect(answer.defects).toEqual([]);
  return answer;
}

const words = (text: string): string => text.replaceAll(/[\p{Cc}\p{White_Space}\u2028\u2029]+/gu, " ").trim();

const envelope = { from: "mirrorctl@mirror01", to: ["ops@example.org", "root"], host: "mirror01", sentAt };

describe("e-mail", () => {
  test("is read by another parser as it was meant", () => {
    const { headers, names, body } = parsed(emailMessage(message(), envelope));
    expect(headers).toMatchObject({
      from: "mirrorctl <mirrorctl@mirror01>",
      to: "ops@example.org, root",
      subject: "mirrorctl on mirror01: noble: sync failed",
      date: "Mon, 04 May 2026 12:00:00 +0000",
      "message-id": "<msg_1@mirror01>",
      "auto-submitted": "auto-generated",
    });
    expect(names).toHaveLength(9);
    expect(body).toBe("it broke\n\nmirrorctl on mirror01\n");
  });

  test("keeps titles and texts out of its headers", () => {
    const title = "x\r\nBcc: everybody@example.org\r\n\r\nbody";
    const { names, headers } = parsed(emailMessage(message({ title, text: "\n.\nFrom: x" }), envelope));
    expect(names).toHaveLength(9);
    expect(headers["subject"]).toBe("mirrorctl on mirror01: x Bcc: everybody@example.org body");
  });

  test("carries any title and text", () => {
    const anyText = string({ unit: "grapheme", maxLength: 300 });
    const cases = sample(tuple(anyText, anyText), { numRuns: 30, seed: 1 });
    const texts = cases.map(([title, text]) => emailMessage(message({ title, text }), envelope));
    for (const [index, text] of texts.entries()) {
      for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(998);
      expect(text).toMatch(/^[\t\n\x20-\x7e]*$/);
      if (index > 3) continue; // starting Python takes long
      const { names, headers } = parsed(text);
      expect(names).toHaveLength(9);
      expect(words(headers["subject"] ?? "")).toBe(words(`mirrorctl on mirror01: ${cases[index]?.[0]}`));
    }
  });

  test("encodes words of at most 75 characters, each with whole characters", () => {
    for (const word of encodeHeaderText("Ж€🎉".repeat(60), "\n ").split("\n ")) {
      expect(word.length).toBeLessThanOrEqual(75);
      const [, base64 = ""] = /^=\?UTF-8\?B\?(.*)\?=$/.exec(word) ?? [];
      expect(Buffer.from(base64, "base64").toString("utf8")).not.toContain("\uFFFD");
    }
  });

  test("goes to the program as it is", async () => {
    const stored = directory.join("mail");
    const sendmail = directory.join("sendmail");
    writeFileSync(sendmail, `#!/bin/sh\necho "$@" > ${stored}.args\ncat > ${stored}\n`, { mode: 0o755 });
    const addresses = { to: ["ops@example.org"], from: "root", command: [sendmail, "-t", "-i"] } as const;
    await email(addresses, { ...programRun(), now: () => sentAt }).send(message(), signal);
    expect(readFileSync(`${stored}.args`, "utf8")).toBe("-t -i\n");
    expect(parsed(readFileSync(stored, "utf8")).headers["to"]).toBe("ops@example.org");
  });
});

describe("a program", () => {
  test("that hangs is ended", async () => {
    const sent = command(["/bin/sh", "-c", "sleep 600"], programRun(300)).send(message(), signal);
    await expect(sent).rejects.toThrow("/bin/sh took longer than 0.3 s and was ended");
  });

  test("that is missing is named", async () => {
    const sent = command(["no-such-pager"], programRun()).send(message(), signal);
    await expect(sent).rejects.toThrow("no-such-pager: there is no such program that this user may run");
  });

  test("that cannot be started is named", async () => {
    const file = join(directory.path, "not-a-program");
    writeFileSync(file, "#!/nonexistent/interpreter\n", { mode: 0o755 });
    await expect(command([file], programRun()).send(message(), signal)).rejects.toThrow("cannot be started");
  });
});
