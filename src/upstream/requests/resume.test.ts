import type { IncomingMessage, ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import {
  createConnectionPools,
  createUpstream,
  type DownloadRequest,
  defaultTimeouts,
  rangeValidator,
  type UpstreamSettings,
} from "../index.ts";
import { MemorySink, serve, testSettings } from "../test-support.ts";

const { signal } = new AbortController();
const whole = "0123456789abcdefghij";
const etag = '"one"';

function request(changes: Partial<DownloadRequest> = {}): DownloadRequest {
  return { path: "pool/a.deb", sink: new MemorySink(), sizeBytes: whole.length, bytesMax: 1_000, ...changes };
}

/** A server as RFC 9110 14 describes it. */
function ranged(incoming: IncomingMessage, response: ServerResponse): void {
  const start = Number(/^bytes=(\d+)-$/.exec(incoming.headers.range ?? "")?.[1] ?? -1);
  const condition = incoming.headers["if-range"] ?? etag;
  response.setHeader("etag", etag);
  if (start < 0 || condition !== etag)
    return void response.setHeader("content-length", whole.length).end(whole);
  if (start >= whole.length)
    return void response.writeHead(416, { "content-range": `bytes */${whole.length}` }).end();
  response.writeHead(206, { "content-range": `bytes ${start}-${whole.length - 1}/${whole.length}` });
  response.end(whole.slice(start));
}

async function fetched(
  sink: MemorySink,
  listener: (incoming: IncomingMessage, response: ServerResponse) => void,
  changes: Partial<DownloadRequest> = {},
  settings: Partial<UpstreamSettings> = {},
) {
  await using server = await serve(listener);
  await using pools = createConnectionPools();
  const result = await createUpstream(testSettings([server.url], settings), pools).download(
    request({ sink, ...changes }),
    signal,
  );
  return { result, ranges: server.requests.map(({ headers }) => [headers.range, headers["if-range"]]) };
}

describe("bytes held from an earlier run", () => {
  test("are kept if the file is the same, and only the rest is requested", async () => {
    const sink = new MemorySink("01234567", etag);
    const { result, ranges } = await fetched(sink, ranged);
    expect(sink.text).toBe(whole);
    expect(sink.begins).toStrictEqual([8]);
    expect(ranges).toStrictEqual([["bytes=8-", etag]]);
    expect(result).toMatchObject({ kind: "accepted", validators: { etag } });
  });

  test.each([
    ["without a validator", undefined],
    ["with a weak one, which If-Range may not carry", 'W/"one"'],
  ])("are kept %s too", async (_, heldValidator) => {
    const sink = new MemorySink("01234567", heldValidator);
    const { ranges } = await fetched(sink, ranged);
    expect(sink.text).toBe(whole);
    expect(ranges).toStrictEqual([["bytes=8-", undefined]]);
  });

  test("are dropped when the file has changed", async () => {
    const sink = new MemorySink("old bytes", '"zero"');
    await fetched(sink, ranged);
    expect(sink.text).toBe(whole);
    expect(sink.begins).toStrictEqual([0]);
  });

  test("are dropped without another request if they are the whole length or more", async () => {
    const sink = new MemorySink("x".repeat(whole.length), etag);
    const { ranges } = await fetched(sink, ranged);
    expect(sink.text).toBe(whole);
    expect(ranges).toStrictEqual([[undefined, undefined]]);
  });

  test("are dropped if the server has no more bytes", async () => {
    const sink = new MemorySink("x".repeat(30), etag);
    const { ranges } = await fetched(sink, ranged, { sizeBytes: undefined });
    expect(sink.text).toBe(whole);
    expect(ranges).toStrictEqual([
      ["bytes=30-", etag],
      [undefined, undefined],
    ]);
  });

  test.each([
    ["of another place", { "content-range": "bytes 5-19/20" }],
    ["of a file of another size", { "content-range": "bytes 8-19/25" }],
    ["of no stated place", {}],
    ["in several pieces", { "content-type": "multipart/byteranges; boundary=x" }],
    ["with an encoding", { "content-range": "bytes 8-19/20", "content-encoding": "gzip" }],
  ])("are dropped if the response is a part %s", async (_, headers) => {
    const sink = new MemorySink("01234567", etag);
    await fetched(sink, (incoming, response) => {
      if (incoming.headers.range === undefined) response.end(whole);
      else response.writeHead(206, headers).end("!!!!!!!!!!!!");
    });
    expect(sink.text).toBe(whole);
    expect(sink.begins).toStrictEqual([0]);
  });
});

describe("an unrequested part", () => {
  test.each([206, 416])("is an error without a retry: %d", async (status) => {
    await using server = await serve((_, response) => {
      response.writeHead(status, { "content-range": "bytes 0-19/20" }).end(whole);
    });
    await using pools = createConnectionPools();
    const sink = new MemorySink();
    const outcome = createUpstream(testSettings([server.url]), pools).download(request({ sink }), signal);
    await expect(outcome).rejects.toMatchObject({ code: "HTTP_STATUS", facts: { status } });
    expect(sink.begins).toStrictEqual([]);
    expect(server.requests).toHaveLength(1);
  });

  test("is not appended to a partial file", async () => {
    const sink = new MemorySink("01234567", etag);
    const outcome = fetched(
      sink,
      (_, response) => response.writeHead(206, { "content-range": "bytes 8-19/20" }).end(whole.slice(8)),
      { validators: { etag } },
    );
    await expect(outcome).rejects.toMatchObject({ code: "HTTP_STATUS", facts: { status: 206 } });
    expect(sink.text).toBe("01234567");
  });
});

describe("a body that breaks off", () => {
  test.each([
    ["by its end", (response: ServerResponse) => void response.destroy()],
    ["by a reset", (response: ServerResponse) => void response.socket?.resetAndDestroy()],
    ["in silence", () => undefined],
  ])("%s continues where it broke", async (_, breakOff) => {
    const sink = new MemorySink();
    let held: ServerResponse | undefined;
    // A reset may overtake bytes that are on their way.
    const write = sink.write.bind(sink);
    sink.write = (chunk) => {
      write(chunk);
      if (held !== undefined) breakOff(held);
      held = undefined;
    };
    const { ranges } = await fetched(
      sink,
      (incoming, response) => {
        if (incoming.headers.range !== undefined) return ranged(incoming, response);
        held = response.writeHead(200, { etag, "content-length": whole.length });
        response.write(whole.slice(0, 6));
      },
      {},
      { timeouts: { ...defaultTimeouts, minimumRate: { bytesPerSecond: 1_000, windowMs: 50 } } },
    );
    expect(sink.text).toBe(whole);
    expect(sink.begins).toStrictEqual([0, 6]);
    expect(ranges).toStrictEqual([
      [undefined, undefined],
      ["bytes=6-", etag],
    ]);
  });

  test("is requested again if its last chunk is missing", async () => {
    const sink = new MemorySink();
    let requests = 0;
    const { ranges } = await fetched(
      sink,
      (_, response) => {
        if (++requests > 1) response.end(whole);
        else response.write(whole.slice(0, 6), () => response.destroy());
      },
      { sizeBytes: undefined },
    );
    expect(sink.text).toBe(whole);
    expect(ranges).toHaveLength(2);
  });

  test("continues if it ended short of the known size", async () => {
    const sink = new MemorySink();
    await fetched(sink, (incoming, response) => {
      if (incoming.headers.range !== undefined) return ranged(incoming, response);
      response.write(whole.slice(0, 6));
      response.end();
    });
    expect(sink.text).toBe(whole);
    expect(sink.begins).toStrictEqual([0, 6]);
  });

  test("continues if the server sends smaller parts than requested", async () => {
    const sink = new MemorySink("01");
    await fetched(sink, (incoming, response) => {
      const start = Number(/\d+/.exec(incoming.headers.range ?? "")?.[0]);
      const part = whole.slice(start, start + 9);
      const range = `bytes ${start}-${start + part.length - 1}/20`;
      response.writeHead(206, { "content-range": range, "content-length": part.length }).end(part);
    });
    expect(sink.text).toBe(whole);
    expect(sink.begins).toStrictEqual([2, 11]);
  });

  test("continues to the end that the server named, if no size is known", async () => {
    const sink = new MemorySink("01");
    const { ranges } = await fetched(
      sink,
      (incoming, response) => {
        const start = Number(/\d+/.exec(incoming.headers.range ?? "")?.[0]);
        response.writeHead(206, { "content-range": `bytes ${start}-19/20` });
        response.end(whole.slice(start, start + 9));
      },
      { sizeBytes: undefined },
    );
    expect(sink.text).toBe(whole);
    expect(ranges.map(([range]) => range)).toStrictEqual(["bytes=2-", "bytes=11-"]);
  });

  test("starts over if it was encoded, because the rest may not be", async () => {
    const sink = new MemorySink();
    let isFirst = true;
    const { ranges } = await fetched(sink, (incoming, response) => {
      if (!isFirst) return ranged(incoming, response);
      isFirst = false;
      response.writeHead(200, { "content-encoding": "gzip", "content-length": 50 });
      response.write("encoded", () => response.destroy());
    });
    expect(sink.text).toBe(whole);
    expect(ranges[1]).toStrictEqual([undefined, undefined]);
  });

  test("is given up after the attempts, and kept for the next run", async () => {
    const sink = new MemorySink();
    const outcome = fetched(sink, (_, response) => {
      response.writeHead(200, { "content-length": whole.length });
      response.write(whole.slice(0, 6), () => response.destroy());
    });
    await expect(outcome).rejects.toMatchObject({ code: "TRUNCATED", facts: { attempts: 3 } });
    expect(sink.text).toBe(whole.slice(0, 6));
  });
});

test.each([
  [{ etag: '"one"', lastModified: "Sun, 01 Nov 2026 10:00:00 GMT" }, '"one"'],
  [{ etag: 'W/"one"', lastModified: "Sun, 01 Nov 2026 10:00:00 GMT" }, "Sun, 01 Nov 2026 10:00:00 GMT"],
  [{ etag: 'W/"one"' }, undefined],
  [{}, undefined],
])("a range of %j is requested with If-Range %s", (validators, expected) => {
  expect(rangeValidator(validators)).toBe(expected);
});
