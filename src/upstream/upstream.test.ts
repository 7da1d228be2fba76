import type { ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import { createConnectionPools, createUpstream, type DownloadRequest, type Validators } from "./index.ts";
import { MemorySink, serve, testSettings } from "./test-support.ts";

const { signal } = new AbortController();
const body = "Package: hello\n";

function request(changes: Partial<DownloadRequest> = {}): DownloadRequest {
  return { path: "dists/stable/InRelease", sink: new MemorySink(), bytesMax: 1_000, ...changes };
}

describe("an existing file", () => {
  test("goes into the sink, and its validators are returned", async () => {
    await using server = await serve((_, response) => {
      response
        .setHeader("etag", '"one"')
        .setHeader("last-modified", "Sun, 01 Nov 2026 10:00:00 GMT")
        .end(body);
    });
    await using pools = createConnectionPools();
    const sink = new MemorySink();
    const result = await createUpstream(testSettings([`${server.url}debian/`]), pools).download(
      request({ sink }),
      signal,
    );
    expect(sink.text).toBe(body);
    expect(sink.begins).toStrictEqual([0]);
    expect(result).toStrictEqual({
      kind: "accepted",
      validators: {
        etag: '"one"',
        lastModified: "Sun, 01 Nov 2026 10:00:00 GMT",
        from: `${server.url}debian/`,
      },
      lastModified: new Date("2026-11-01T10:00:00Z"),
      contentEncoding: undefined,
    });
    expect(server.requests).toMatchObject([
      {
        target: "/debian/dists/stable/InRelease",
        headers: { "user-agent": "mirrorctl/test", "accept-encoding": "identity" },
      },
    ]);
    expect(server.requests[0]?.headers).not.toHaveProperty("cache-control");
  });

  test("is requested by the given path, with its colons, double slashes and escapes", async () => {
    await using server = await serve((_, response) => response.end(body));
    await using pools = createConnectionPools();
    const upstream = createUpstream(testSettings([server.url]), pools);
    await upstream.download(
      request({ path: "core:/stable:/v1.30/deb//g%2B%2B_1%3A2%7Erc1%251.deb" }),
      signal,
    );
    expect(server.requests[0]?.target).toBe("/core:/stable:/v1.30/deb//g%2B%2B_1%3A2%7Erc1%251.deb");
  });

  test("may be empty", async () => {
    await using server = await serve((_, response) => response.end());
    await using pools = createConnectionPools();
    const sink = new MemorySink();
    const result = await createUpstream(testSettings([server.url]), pools).download(
      request({ sink, sizeBytes: 0 }),
      signal,
    );
    expect(result.kind).toBe("accepted");
    expect(sink.begins).toStrictEqual([0]);
  });

  test("may come without a length on a connection that closes", async () => {
    await using server = await serve((_, response) => {
      response.setHeader("connection", "close").write(body.slice(0, 4));
      response.end(body.slice(4));
    });
    await using pools = createConnectionPools();
    const sink = new MemorySink();
    await createUpstream(testSettings([server.url]), pools).download(
      request({ sink, sizeBytes: body.length }),
      signal,
    );
    expect(sink.text).toBe(body);
  });

  test("is requested past caches if it must be fresh", async () => {
    await using server = await serve((_, response) => response.end(body));
    await using pools = createConnectionPools();
    await createUpstream(testSettings([server.url]), pools).download(request({ fresh: true }), signal);
    expect(server.requests[0]?.headers["cache-control"]).toBe("no-cache");
  });

  test("is downloaded from an IPv6 literal", async () => {
    await using server = await serve((_, response) => response.end(body), { host: "::1" });
    await using pools = createConnectionPools();
    const sink = new MemorySink();
    await createUpstream(testSettings([server.url]), pools).download(request({ sink }), signal);
    expect(sink.text).toBe(body);
  });

  test("is requested with the unescaped user and password of the URL", async () => {
    await using server = await serve((_, response) => response.end(body));
    await using pools = createConnectionPools();
    const url = server.url.replace("http://", "http://us%40er:p%3Ass%zz@");
    await createUpstream(testSettings([url]), pools).download(request(), signal);
    const sent = server.requests[0]?.headers.authorization ?? "";
    expect(Buffer.from(sent.replace("Basic ", ""), "base64").toString()).toBe("us@er:p:ss%zz");
  });

  test("uses at most the configured connections, also for several mirrors", async () => {
    await using server = await serve((_, response) => response.end(body));
    await using pools = createConnectionPools();
    const connections = new Set<unknown>();
    server.server.on("connection", (socket) => connections.add(socket));
    const upstreams = [1, 2].map(() => createUpstream(testSettings([server.url], { maxConns: 2 }), pools));
    await Promise.all(
      upstreams.flatMap((upstream) => Array.from({ length: 6 }, () => upstream.download(request(), signal))),
    );
    expect(connections.size).toBe(2);
  });
});

describe("a file that is held already", () => {
  const validators: Validators = { etag: 'W/"one"', lastModified: "Sun, 01 Nov 2026 10:00:00 GMT" };

  test("is not sent again", async () => {
    await using server = await serve((_, response) => response.writeHead(304).end());
    await using pools = createConnectionPools();
    const sink = new MemorySink("part of an older one", '"one"');
    const result = await createUpstream(testSettings([server.url]), pools).download(
      request({ sink, validators }),
      signal,
    );
    expect(result).toStrictEqual({ kind: "not-modified" });
    expect(sink.begins).toStrictEqual([]);
    expect(server.requests[0]?.headers).toMatchObject({
      "if-none-match": 'W/"one"',
      "if-modified-since": "Sun, 01 Nov 2026 10:00:00 GMT",
    });
    expect(server.requests[0]?.headers).not.toHaveProperty("range");
  });

  test("sends validators only to the base URL that they came from", async () => {
    await using server = await serve((_, response) => response.end(body));
    await using pools = createConnectionPools();
    const urls = [`${server.url}one/`, `${server.url.replace("http://", "http://user:secret@")}two/`];
    const upstream = createUpstream(testSettings(urls), pools);
    const from = `${server.url}two/`;
    for (const source of upstream.sources) {
      const result = await source.download(request({ validators: { ...validators, from } }), signal);
      expect(result).toMatchObject({ kind: "accepted", validators: { from: source.url } });
    }
    expect(upstream.sources.map(({ url }) => url)).toEqual([`${server.url}one/`, from]);
    expect(server.requests.map(({ headers }) => headers["if-none-match"])).toEqual([undefined, 'W/"one"']);
    expect(server.requests.map(({ headers }) => headers["if-modified-since"])).toEqual([
      undefined,
      validators.lastModified,
    ]);
  });

  test("refuses a 304 to an unconditional request", async () => {
    await using server = await serve((_, response) => response.writeHead(304).end());
    await using pools = createConnectionPools();
    await expect(
      createUpstream(testSettings([server.url]), pools).download(request(), signal),
    ).rejects.toMatchObject({
      code: "HTTP_STATUS",
      facts: { status: 304 },
    });
  });
});

describe("a body of another length", () => {
  const lengths = [
    ["shorter", 20],
    ["longer", 10],
  ] as const;

  test.each(lengths)("is refused by its Content-Length if it is %s", async (_, sizeBytes) => {
    await using server = await serve((_request, response) => {
      response.setHeader("content-length", body.length).end(body);
    });
    await using pools = createConnectionPools();
    const sink = new MemorySink();
    const result = await createUpstream(testSettings([server.url]), pools).download(
      request({ sink, sizeBytes }),
      signal,
    );
    expect(result).toMatchObject({ kind: "refused", url: server.url, why: { code: "SIZE_DIFFERS" } });
    expect(sink.begins).toStrictEqual([]);
    expect(server.requests).toHaveLength(1);
  });

  test("is an error by its Content-Length if it exceeds the bound", async () => {
    await using server = await serve((_, response) => {
      response.setHeader("content-length", body.length).end(body);
    });
    await using pools = createConnectionPools();
    const sink = new MemorySink();
    await expect(
      createUpstream(testSettings([server.url]), pools).download(request({ sink, bytesMax: 10 }), signal),
    ).rejects.toMatchObject({ area: "upstream", code: "TOO_LARGE" });
    expect(sink.begins).toStrictEqual([]);
    expect(server.requests).toHaveLength(1);
  });

  test("is cut off at the known size if it has no Content-Length", async () => {
    await using server = await serve(sendWithoutLength);
    await using pools = createConnectionPools();
    const sink = new MemorySink();
    const result = await createUpstream(testSettings([server.url]), pools).download(
      request({ sink, sizeBytes: 10 }),
      signal,
    );
    expect(result).toMatchObject({ kind: "refused", why: { code: "SIZE_DIFFERS" } });
    expect(sink.heldBytes).toBeLessThanOrEqual(10);
  });

  test("is cut off at the bound if it has no Content-Length", async () => {
    await using server = await serve(sendWithoutLength);
    await using pools = createConnectionPools();
    const sink = new MemorySink();
    await expect(
      createUpstream(testSettings([server.url]), pools).download(request({ sink, bytesMax: 10 }), signal),
    ).rejects.toMatchObject({ code: "TOO_LARGE" });
    expect(sink.heldBytes).toBeLessThanOrEqual(10);
  });
});

test("passes on an encoded body unchanged and names its encoding", async () => {
  await using server = await serve((_, response) => {
    response.setHeader("content-encoding", "GZip").setHeader("content-length", body.length).end(body);
  });
  await using pools = createConnectionPools();
  const sink = new MemorySink();
  const upstream = createUpstream(testSettings([server.url]), pools);
  expect(await upstream.download(request({ sink, sizeBytes: 99 }), signal)).toMatchObject({
    contentEncoding: "gzip",
  });
  expect(sink.text).toBe(body);
  const tooLong = await upstream.download(request({ sizeBytes: 99, bytesMax: 10 }), signal);
  expect(tooLong).toMatchObject({ kind: "refused", why: { code: "TOO_LARGE" } });
});

describe("a file that a server does not send", () => {
  test.each([403, 404, 410] as const)("is absent when the server answers %d", async (status) => {
    await using server = await serve((_, response) => response.writeHead(status).end("<html>sorry</html>"));
    await using pools = createConnectionPools();
    const sink = new MemorySink();
    const base = server.url.replace("http://", "http://user:secret@");
    expect(
      await createUpstream(testSettings([base]), pools).download(request({ sink }), signal),
    ).toStrictEqual({
      kind: "absent",
      status,
      url: `${server.url}dists/stable/InRelease`,
    });
    expect(sink.begins).toStrictEqual([]);
  });

  test("fails at once on 401, with the realm and without the password", async () => {
    await using server = await serve((_, response) => {
      response.writeHead(401, { "www-authenticate": 'Basic realm="Enterprise"' }).end();
    });
    await using pools = createConnectionPools();
    const base = server.url.replace("http://", "http://user:secret@");
    const outcome = createUpstream(testSettings([base, server.url]), pools).download(request(), signal);
    await expect(outcome).rejects.toMatchObject({ code: "UNAUTHORIZED", facts: { realm: "Enterprise" } });
    await expect(outcome).rejects.toThrow(
      `GET ${server.url}dists/stable/InRelease: the server answers 401, it wants a user and password for "Enterprise"`,
    );
    expect(server.requests).toHaveLength(1);
  });

  test("fails on any other status", async () => {
    await using server = await serve((_, response) => response.writeHead(400).end());
    await using pools = createConnectionPools();
    await expect(
      createUpstream(testSettings([server.url]), pools).download(request(), signal),
    ).rejects.toThrow("the server answers 400 Bad Request");
    expect(server.requests).toHaveLength(1);
  });
});

test("ends the transfer with the error of a failing sink, without a retry", async () => {
  await using server = await serve((_, response) => response.end(body));
  await using pools = createConnectionPools();
  const sink = new MemorySink();
  const full = new Error("no space left on device");
  sink.write = () => {
    throw full;
  };
  await expect(
    createUpstream(testSettings([server.url]), pools).download(request({ sink }), signal),
  ).rejects.toBe(full);
  expect(server.requests).toHaveLength(1);
});

test("frees the connection of a long body that is dropped", async () => {
  await using server = await serve((incoming, response) => {
    if (incoming.url === "/missing") sendForEver(response.writeHead(404));
    else response.end(body);
  });
  await using pools = createConnectionPools();
  const upstream = createUpstream(testSettings([server.url], { maxConns: 1 }), pools);
  expect((await upstream.download(request({ path: "missing" }), signal)).kind).toBe("absent");
  expect((await upstream.download(request({ path: "there" }), signal)).kind).toBe("accepted");
});

function sendForEver(response: ServerResponse): void {
  const page = Buffer.alloc(65_536);
  const more = (): void => {
    while (!response.destroyed && response.write(page));
  };
  response.on("drain", more);
  more();
}

function sendWithoutLength(_: unknown, response: ServerResponse): void {
  response.write("12345");
  response.write("678901234567890");
  response.end();
}
