import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { describe, expect, test, vi } from "vitest";
import {
  createConnectionPools,
  createUpstream,
  type DownloadRequest,
  type RetryEvent,
  type UpstreamSettings,
} from "../index.ts";
import { MemorySink, serve, testRetryPolicy, testSettings } from "../test-support.ts";

const { signal } = new AbortController();
const singleAttempt = { ...testRetryPolicy(), attemptsMax: 1 };
const patient = { connectMs: 30_000, idleMs: 30_000, minimumRate: { bytesPerSecond: 1, windowMs: 30_000 } };

function request(changes: Partial<DownloadRequest> = {}): DownloadRequest {
  return { path: "a", sink: new MemorySink(), bytesMax: 1_000_000, ...changes };
}

async function outcomeOf(url: string, changes: Partial<UpstreamSettings>): Promise<unknown> {
  await using pools = createConnectionPools();
  return await createUpstream(testSettings([url], { retry: singleAttempt, ...changes }), pools).download(
    request(),
    signal,
  );
}

describe("a silent server", () => {
  test("is given up before the connection is made", async () => {
    const server = createServer((socket) => socket.on("error", () => undefined).resume()).listen(
      0,
      "127.0.0.1",
    );
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    // The connection is open when the TLS handshake ends.
    const outcome = outcomeOf(`https://127.0.0.1:${port}/`, { timeouts: { ...patient, connectMs: 20 } });
    await expect(outcome).rejects.toMatchObject({
      code: "TIMED_OUT",
      facts: { cause: "UND_ERR_CONNECT_TIMEOUT" },
    });
    server.close();
    await once(server, "close");
  });

  test("is given up before its response", async () => {
    await using server = await serve(() => undefined);
    await expect(outcomeOf(server.url, { timeouts: { ...patient, idleMs: 20 } })).rejects.toMatchObject({
      code: "TIMED_OUT",
      facts: { cause: "UND_ERR_HEADERS_TIMEOUT" },
    });
  });

  test("is given up within its body", async () => {
    await using server = await serve((_, response) => void response.write("some"));
    await expect(outcomeOf(server.url, { timeouts: { ...patient, idleMs: 20 } })).rejects.toMatchObject({
      code: "TIMED_OUT",
      facts: { cause: "UND_ERR_BODY_TIMEOUT" },
    });
  });

  test("is given up if it is too slow, and asked again", async () => {
    let drip: NodeJS.Timeout | undefined;
    await using server = await serve((_, response) => {
      response.write("some");
      drip ??= setInterval(() => response.write("."), 5);
    });
    const timeouts = { ...patient, minimumRate: { bytesPerSecond: 1_000_000, windowMs: 50 } };
    const retry = { ...singleAttempt, attemptsMax: 2 };
    await expect(outcomeOf(server.url, { timeouts, retry })).rejects.toMatchObject({
      code: "STALLED",
      facts: { attempts: 2 },
    });
    clearInterval(drip);
    expect(server.requests).toHaveLength(2);
  });
});

test("does not give up a server that is slow but fast enough", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  try {
    const timeouts = { ...patient, minimumRate: { bytesPerSecond: 100, windowMs: 1_000 } };
    let answer: ServerResponse | undefined;
    await using server = await serve((_, response) => {
      answer = response.writeHead(200, { "content-length": 500 });
      response.write(Buffer.alloc(100));
    });
    await using pools = createConnectionPools();
    const sink = new MemorySink();
    sink.write = (chunk) => {
      MemorySink.prototype.write.call(sink, chunk);
      vi.advanceTimersByTime(1_000);
      answer?.write(Buffer.alloc(100));
    };
    await createUpstream(testSettings([server.url], { timeouts, retry: singleAttempt }), pools).download(
      request({ sink, sizeBytes: 500 }),
      signal,
    );
    expect(sink.heldBytes).toBe(500);
    expect(vi.getTimerCount()).toBe(0); // a remaining one would end the next body on this connection
  } finally {
    vi.useRealTimers();
  }
});

describe("an aborted download", () => {
  test("sends no request", async () => {
    await using server = await serve((_, response) => response.end());
    await using pools = createConnectionPools();
    const aborted = AbortSignal.abort("interrupted");
    const events: RetryEvent[] = [];
    await expect(
      createUpstream(testSettings([server.url], {}, events), pools).download(request(), aborted),
    ).rejects.toBe("interrupted");
    expect(server.requests).toHaveLength(0);
    expect(events).toStrictEqual([]);
  });

  test("closes its connection within the body, and writes nothing more", async () => {
    const stop = new AbortController();
    const sink = new MemorySink();
    const closed = Promise.withResolvers<void>();
    await using server = await serve((_, response) => {
      response.once("close", closed.resolve).write("some");
    });
    await using pools = createConnectionPools();
    sink.write = () => stop.abort("interrupted");
    await expect(
      createUpstream(testSettings([server.url]), pools).download(request({ sink }), stop.signal),
    ).rejects.toBe("interrupted");
    await closed.promise;
    expect(server.requests).toHaveLength(1);
  });

  test("removes a request that waits for a connection", async () => {
    const stop = new AbortController();
    const held = Promise.withResolvers<() => void>();
    await using server = await serve((incoming, response) => {
      if (incoming.url === "/first") held.resolve(() => response.end());
      else response.end();
    });
    await using pools = createConnectionPools();
    const upstream = createUpstream(testSettings([server.url], { maxConns: 1 }), pools);
    const first = upstream.download(request({ path: "first" }), signal);
    const release = await held.promise;
    const second = upstream.download(request({ path: "second" }), stop.signal);
    stop.abort("interrupted");
    await expect(second).rejects.toBe("interrupted");
    release();
    await first;
    await upstream.download(request({ path: "third" }), signal);
    expect(server.requests.map(({ target }) => target)).toStrictEqual(["/first", "/third"]);
  });

  test("does not go on after a pause", async () => {
    const stop = new AbortController();
    await using server = await serve((_, response) => response.writeHead(503).end());
    await using pools = createConnectionPools();
    const settings = testSettings([server.url], { onRetry: () => stop.abort("interrupted") });
    await expect(createUpstream(settings, pools).download(request(), stop.signal)).rejects.toBe(
      "interrupted",
    );
    expect(server.requests).toHaveLength(1);
  });
});

test("ignores informational responses", async () => {
  await using server = await serve((_, response) => {
    response.writeEarlyHints({ link: "</style.css>; rel=preload" });
    response.setHeader("etag", '"one"').end("body");
  });
  await using pools = createConnectionPools();
  const sink = new MemorySink();
  const result = await createUpstream(testSettings([server.url]), pools).download(request({ sink }), signal);
  expect(result).toMatchObject({ kind: "accepted", validators: { etag: '"one"' } });
  expect(sink.text).toBe("body");
});

test("gives up a server that sends only informational responses", async () => {
  await using server = await serve((_, response) => {
    for (let count = 0; count < 100; count++) response.writeEarlyHints({ link: "</a>; rel=preload" });
  });
  await expect(outcomeOf(server.url, {})).rejects.toMatchObject({ code: "RESPONSE_MALFORMED" });
});

test("ends idle connections when the pools are closed", async () => {
  await using server = await serve((_, response) => response.end("body"));
  const connection = once(server.server, "connection");
  const pools = createConnectionPools();
  await createUpstream(testSettings([server.url]), pools).download(request(), signal);
  const [socket] = await connection;
  const closed = once(socket, "close");
  await pools.close();
  await expect(closed).resolves.toStrictEqual([false]);
});
