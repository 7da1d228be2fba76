import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { assert, double, integer, nat, option, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { MirrorctlError } from "../../errors.ts";
import {
  createConnectionPools,
  createUpstream,
  type DownloadRequest,
  defaultBackoff,
  type RetryEvent,
} from "../index.ts";
import { MemorySink, serve, testRetryPolicy, testSettings } from "../test-support.ts";
import { waitBeforeRetry } from "./retry.ts";

const { signal } = new AbortController();

function request(changes: Partial<DownloadRequest> = {}): DownloadRequest {
  return { path: "InRelease", sink: new MemorySink(), bytesMax: 1_000, ...changes };
}

describe("a temporary status", () => {
  test.each([408, 425, 429, 500, 502, 503, 504])("%d is retried", async (status) => {
    let left = 2;
    await using server = await serve((_, response) => {
      response.writeHead(left-- > 0 ? status : 200).end("body");
    });
    await using pools = createConnectionPools();
    const waitsMs: number[] = [];
    const sink = new MemorySink();
    const settings = testSettings([server.url], { retry: testRetryPolicy(waitsMs) });
    await createUpstream(settings, pools).download(request({ sink }), signal);
    expect(sink.text).toBe("body");
    expect(waitsMs).toStrictEqual([750, 1_500]);
  });

  test("is given up after the attempts, and their number is reported", async () => {
    await using server = await serve((_, response) => response.writeHead(503).end());
    await using pools = createConnectionPools();
    const events: RetryEvent[] = [];
    const base = server.url.replace("http://", "http://user:secret@");
    const outcome = createUpstream(testSettings([base], {}, events), pools).download(request(), signal);
    const url = `${server.url}InRelease`;
    await expect(outcome).rejects.toMatchObject({
      code: "HTTP_STATUS",
      message: `GET ${url}: the server answers 503 Service Unavailable (3 attempts)`,
      facts: { url, status: 503, attempts: 3 },
    });
    const reason = `GET ${url}: the server answers 503 Service Unavailable`;
    expect(events).toStrictEqual([
      { url, attempt: 1, waitMs: 750, reason },
      { url, attempt: 2, waitMs: 1_500, reason },
    ]);
  });

  test.each([
    ["7", 7_000],
    ["Sun, 01 Nov 2026 12:00:20 GMT", 20_000],
    ["Sun, 01 Nov 2026 11:00:00 GMT", 750],
    ["100000", 120_000],
    ["soon", 750],
  ])("is retried after Retry-After: %s, within the limit", async (retryAfter, waitMs) => {
    let isFirst = true;
    await using server = await serve((_, response) => {
      response.writeHead(isFirst ? 429 : 200, { "retry-after": retryAfter }).end();
      isFirst = false;
    });
    await using pools = createConnectionPools();
    const waitsMs: number[] = [];
    await createUpstream(testSettings([server.url], { retry: testRetryPolicy(waitsMs) }), pools).download(
      request(),
      signal,
    );
    expect(waitsMs).toStrictEqual([waitMs]);
  });
});

describe("a connection that ends before the response", () => {
  test("is replaced at once without counting as an attempt", async () => {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    let connections = 0;
    server.on("connection", (socket: Socket) => {
      const isFirst = connections++ === 0;
      let requests = 0;
      socket.on("error", () => undefined);
      socket.on("data", () => {
        // The first connection serves one request, and hangs up as the second arrives.
        if (isFirst && ++requests === 2) socket.destroy();
        else socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
      });
    });
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const events: RetryEvent[] = [];
    {
      await using pools = createConnectionPools();
      const settings = testSettings([`http://127.0.0.1:${port}/`], { maxConns: 1 }, events);
      const upstream = createUpstream({ ...settings, retry: { ...settings.retry, attemptsMax: 1 } }, pools);
      await upstream.download(request(), signal);
      const sink = new MemorySink();
      await upstream.download(request({ sink }), signal);
      expect(sink.text).toBe("ok");
    }
    expect(connections).toBe(2);
    expect(events).toStrictEqual([]);
    server.close();
    await once(server, "close");
  });

  test("is given up if it always ends", async () => {
    await using server = await serve((incoming) => incoming.socket.destroy());
    await using pools = createConnectionPools();
    await expect(
      createUpstream(testSettings([server.url]), pools).download(request(), signal),
    ).rejects.toMatchObject({
      code: "CONNECTION_LOST",
      facts: { attempts: 3 },
    });
    expect(server.requests).toHaveLength(6);
  });
});

test("fails with a clear error on a response that is not HTTP", async () => {
  const server = createServer((socket) => {
    socket.on("error", () => undefined).once("data", () => socket.end("SSH-2.0-OpenSSH_9.2\r\n"));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  {
    await using pools = createConnectionPools();
    await expect(
      createUpstream(testSettings([`http://127.0.0.1:${port}/`]), pools).download(request(), signal),
    ).rejects.toMatchObject({ code: "RESPONSE_MALFORMED" });
  }
  server.close();
  await once(server, "close");
});

test("fails with advice if the server does not exist", async () => {
  const server = await serve((_, response) => response.end());
  const { url } = server;
  await server[Symbol.asyncDispose]();
  await using pools = createConnectionPools();
  await expect(createUpstream(testSettings([url]), pools).download(request(), signal)).rejects.toMatchObject({
    code: "UNREACHABLE",
    message: expect.stringContaining("the connection was refused"),
    hint: expect.stringContaining("port"),
    facts: { attempts: 3, cause: "ECONNREFUSED" },
  });
});

class Junk extends MirrorctlError<"JUNK"> {
  override readonly area = "trust";
}

function refusing(sink: MemorySink, text: string): () => Promise<Junk | undefined> {
  return async () => (sink.text === text ? new Junk("JUNK", `${text} came`) : undefined);
}

describe("several base URLs", () => {
  test("are asked in order until one has the file", async () => {
    await using first = await serve((_, response) => response.writeHead(500).end());
    await using second = await serve((_, response) => response.writeHead(404).end());
    await using third = await serve((_, response) => response.end("body"));
    await using fourth = await serve((_, response) => response.end("other"));
    await using pools = createConnectionPools();
    const sink = new MemorySink();
    const events: RetryEvent[] = [];
    const urls = [first, second, third, fourth].map(({ url }) => url);
    await createUpstream(testSettings(urls, {}, events), pools).download(request({ sink }), signal);
    expect(sink.text).toBe("body");
    expect([first, second, third, fourth].map(({ requests }) => requests.length)).toStrictEqual([3, 1, 1, 0]);
    expect(events.at(-1)).toMatchObject({
      url: first.url,
      reason: expect.stringMatching(`^GET ${first.url}InRelease: .*attempts`),
      next: second.url,
    });
  });

  test("give up their place to the one that answers when they fail", async () => {
    await using broken = await serve((_, response) => response.writeHead(500).end());
    await using working = await serve((_, response) => response.end("body"));
    await using pools = createConnectionPools();
    const upstream = createUpstream(testSettings([broken.url, working.url]), pools);
    for (let count = 1; count <= 5; count++) await upstream.download(request(), signal);
    expect([broken, working].map(({ requests }) => requests.length)).toStrictEqual([3, 5]);
  });

  test("can be asked one by one, and one can be preferred", async () => {
    await using first = await serve((_, response) => response.writeHead(404).end());
    await using second = await serve((_, response) => response.end("body"));
    await using pools = createConnectionPools();
    const upstream = createUpstream(testSettings([first.url, second.url]), pools);
    const [absent, there] = upstream.sources;
    expect(await absent?.download(request(), signal)).toMatchObject({ kind: "absent" });
    expect(await there?.download(request(), signal)).toMatchObject({ kind: "accepted" });
    there?.prefer();
    expect(upstream.sources.map(({ url }) => url)).toEqual([second.url, first.url]);
    await upstream.download(request(), signal);
    expect([first, second].map(({ requests }) => requests.length)).toStrictEqual([1, 2]);
  });

  test.each([
    ["lack", 404, ""],
    ["have in another size", 200, "another body"],
  ])("keep their place for the next file if they %s one", async (_, status, body) => {
    await using first = await serve((incoming, response) => {
      if (incoming.url === "/new") response.writeHead(status, { "content-length": body.length }).end(body);
      else response.end("body");
    });
    await using second = await serve((_incoming, response) => response.end("body"));
    await using pools = createConnectionPools();
    const upstream = createUpstream(testSettings([first.url, second.url]), pools);
    const targets = ["new", "old", "new", "old"];
    for (const path of targets) await upstream.download(request({ path, sizeBytes: 4 }), signal);
    expect(first.requests.map(({ target }) => target.slice(1))).toStrictEqual(targets);
    expect(second.requests.map(({ target }) => target)).toStrictEqual(["/new", "/new"]);
  });

  test("keep their place for the next file if a body is refused", async () => {
    await using first = await serve((_, response) => response.end("junk"));
    await using second = await serve((_, response) => response.end("body"));
    await using pools = createConnectionPools();
    const upstream = createUpstream(testSettings([first.url, second.url]), pools);
    for (let count = 1; count <= 2; count++) {
      const sink = new MemorySink();
      const accept = refusing(sink, "junk");
      await upstream.download(request({ sink, accept }), signal);
      expect(sink.text).toBe("body");
    }
    expect([first, second].map(({ requests }) => requests.length)).toStrictEqual([2, 2]);
    expect(second.requests[0]?.headers).not.toHaveProperty("range");
  });

  test("keep their place for the next file if an encoded body is too long", async () => {
    await using first = await serve((incoming, response) => {
      if (incoming.url === "/new") response.setHeader("content-encoding", "gzip").end("x".repeat(2_000));
      else response.end("body");
    });
    await using second = await serve((_, response) => response.end("body"));
    await using pools = createConnectionPools();
    const upstream = createUpstream(testSettings([first.url, second.url]), pools);
    for (const path of ["new", "old"]) await upstream.download(request({ path, sizeBytes: 4 }), signal);
    expect([first, second].map(({ requests }) => requests.length)).toStrictEqual([2, 1]);
  });

  test("return a refusal rather than the failures of others", async () => {
    await using broken = await serve((_, response) => response.writeHead(500).end());
    await using other = await serve((_, response) => response.end("junk"));
    await using pools = createConnectionPools();
    const sink = new MemorySink();
    const settings = testSettings([broken.url, other.url]);
    const outcome = createUpstream(settings, pools).download(
      request({ sink, accept: refusing(sink, "junk") }),
      signal,
    );
    const why = new Junk("JUNK", "junk came");
    expect(await outcome).toEqual({ kind: "refused", url: other.url, why });
  });

  test("return a refusal for its length with the failures of others", async () => {
    await using broken = await serve((_, response) => response.writeHead(500).end());
    await using other = await serve((_, response) => response.end("junk"));
    await using pools = createConnectionPools();
    const upstream = createUpstream(testSettings([broken.url, other.url]), pools);
    const result = await upstream.download(request({ sizeBytes: 9 }), signal);
    expect(result).toMatchObject({ kind: "refused", url: other.url, why: { code: "SIZE_DIFFERS" } });
    expect(result.kind === "refused" && result.why.message).toMatch(/4 bytes, expected 9; and .*answers 500/);
  });

  test("report a refused body and its base URL when the next is asked", async () => {
    await using first = await serve((_, response) => response.end("junk"));
    await using second = await serve((_, response) => response.end("body"));
    await using pools = createConnectionPools();
    const sink = new MemorySink();
    const events: RetryEvent[] = [];
    const upstream = createUpstream(testSettings([first.url, second.url], {}, events), pools);
    await upstream.download(request({ sink, accept: refusing(sink, "junk") }), signal);
    expect(events).toMatchObject([{ reason: `${first.url}: junk came`, next: second.url }]);
  });

  test("lack a file only if all of them say so", async () => {
    await using absent = await serve((_, response) => response.writeHead(404).end());
    await using forbidden = await serve((_, response) => response.writeHead(403).end());
    await using broken = await serve((_, response) => response.writeHead(500).end());
    await using pools = createConnectionPools();
    const ask = (...servers: { url: string }[]) =>
      createUpstream(testSettings(servers.map(({ url }) => url)), pools).download(request(), signal);
    await expect(ask(absent, forbidden)).resolves.toMatchObject({ kind: "absent", status: 404 });
    await expect(ask(absent, broken)).rejects.toMatchObject({ code: "HTTP_STATUS", facts: { status: 500 } });
    await expect(ask(broken, broken)).rejects.toThrow(/answers 500.*; and .*answers 500/);
  });
});

describe("waitBeforeRetry", () => {
  const policy = defaultBackoff;

  test("doubles up to its limit", () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 60].map((attempt) =>
      waitBeforeRetry(attempt, undefined, { ...policy, jitter: () => 0 }),
    );
    expect(waits).toStrictEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
  });

  test("spreads over half of the wait, and respects Retry-After", () => {
    assert(
      property(
        integer({ min: 1, max: 100 }),
        option(nat(500_000), { nil: undefined }),
        double({ min: 0, max: 0.999, noNaN: true }),
        (attempt, retryAfterMs, jitter) => {
          const waitMs = waitBeforeRetry(attempt, retryAfterMs, { ...policy, jitter: () => jitter });
          const fullMs = Math.min(1_000 * 2 ** (attempt - 1), 30_000);
          const askedMs = Math.min(retryAfterMs ?? 0, 120_000);
          expect(waitMs).toBeGreaterThanOrEqual(Math.max(fullMs / 2, askedMs));
          expect(waitMs).toBeLessThanOrEqual(Math.max(fullMs, askedMs));
        },
      ),
    );
  });
});
