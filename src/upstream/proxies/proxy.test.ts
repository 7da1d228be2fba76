import { connect, type Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { createConnectionPools, createUpstream, defaultTimeouts } from "../index.ts";
import { MemorySink, makeCertificates, serve, testRetryPolicy, testSettings } from "../test-support.ts";
import { proxyFor } from "./proxy.ts";

const { signal } = new AbortController();
const authorization = `Basic ${Buffer.from("user:secret").toString("base64")}`;

async function text(url: string, settings: Parameters<typeof testSettings>[1]): Promise<string> {
  await using pools = createConnectionPools();
  const sink = new MemorySink();
  await createUpstream(testSettings([url], settings), pools).download(
    { path: "a", sink, bytesMax: 99 },
    signal,
  );
  return sink.text;
}

describe("a proxy", () => {
  test("gets the whole URL for http, without CONNECT, with its password", async () => {
    await using proxy = await serve((_, response) => response.end("from the proxy"));
    const httpProxy = proxy.url.replace("http://", "http://user:secret@");
    expect(await text("http://upstream.example/debian/", { proxy: { httpProxy } })).toBe("from the proxy");
    expect(proxy.requests).toMatchObject([
      {
        target: "http://upstream.example/debian/a",
        headers: { host: "upstream.example", "proxy-authorization": authorization },
      },
    ]);
  });

  test("gets no more connections than are configured", async () => {
    const connections = new Set<Socket>();
    await using proxy = await serve((_, response) => response.end("body"));
    proxy.server.on("connection", (socket) => connections.add(socket));
    await using pools = createConnectionPools();
    const settings = testSettings(["http://upstream.example/"], {
      proxy: { httpProxy: proxy.url },
      maxConns: 2,
    });
    const upstream = createUpstream(settings, pools);
    await Promise.all(
      Array.from({ length: 10 }, () =>
        upstream.download({ path: "a", sink: new MemorySink(), bytesMax: 99 }, signal),
      ),
    );
    expect(connections.size).toBe(2);
  });

  test.each(["127.0.0.1", "localhost"])("is asked by https at %s", async (host) => {
    const certificates = makeCertificates();
    await using proxy = await serve((_, response) => response.end("from the proxy"), {
      tls: certificates.server,
    });
    const httpProxy = proxy.url.replace("127.0.0.1", host);
    const outcome = text("http://upstream.example/", { proxy: { httpProxy }, tls: { ca: certificates.ca } });
    expect(await outcome).toBe("from the proxy");
  });

  test("forwards https by CONNECT, and the upstream's certificate is checked", async () => {
    const certificates = makeCertificates();
    await using server = await serve((_, response) => response.end("body"), { tls: certificates.server });
    await using proxy = await serve((_, response) => response.writeHead(500).end());
    const asked: (string | undefined)[][] = [];
    proxy.server.on("connect", (incoming, client: Socket) => {
      asked.push([incoming.url, incoming.headers["proxy-authorization"]]);
      const tunnel = connect(server.port, "127.0.0.1", () => {
        client.write("HTTP/1.1 200 Connection established\r\n\r\n");
        tunnel.pipe(client).pipe(tunnel);
      });
      for (const socket of [tunnel, client]) socket.on("error", () => client.destroy());
      client.once("close", () => tunnel.destroy());
    });
    const httpsProxy = proxy.url.replace("http://", "http://user:secret@");
    const settings = { proxy: { httpsProxy }, tls: { ca: certificates.ca } };
    expect(await text(server.url, settings)).toBe("body");
    expect(asked).toStrictEqual([[`127.0.0.1:${server.port}`, authorization]]);
  });

  test.each([
    ["http", "http://upstream.example/", 1],
    ["https", "https://upstream.example/", 1],
  ])("that refuses %s is an error of the proxy", async (scheme, url, times) => {
    let refused = 0;
    await using proxy = await serve((_request, response) => {
      refused += 1;
      response.writeHead(407).end();
    });
    proxy.server.on("connect", (_incoming, client: Socket) => {
      refused += 1;
      client.end("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
    });
    const settings = { proxy: { httpProxy: proxy.url, httpsProxy: proxy.url } };
    await expect(text(url, settings)).rejects.toMatchObject({
      code: "PROXY_FAILED",
      message: expect.stringContaining(`the proxy ${proxy.url.slice(0, -1)} (${scheme}_proxy) answers 407`),
      hint: expect.stringContaining(`${scheme}_proxy`),
    });
    expect(refused).toBe(times);
  });

  test("has the timeout of an upstream for CONNECT", async () => {
    await using proxy = await serve((_, response) => response.end());
    proxy.server.on("connect", (_incoming, client: Socket) => {
      client.on("error", () => undefined).on("end", () => client.destroy());
      client.resume();
    });
    const retry = { ...testRetryPolicy(), attemptsMax: 1 };
    const timeouts = { ...defaultTimeouts, connectMs: 20 };
    await expect(
      text("https://upstream.example/", { proxy: { httpsProxy: proxy.url }, retry, timeouts }),
    ).rejects.toMatchObject({ code: "TIMED_OUT" });
  });

  test("that does not exist is an error, and is not bypassed", async () => {
    await using server = await serve((_, response) => response.end("body"));
    const gone = await serve((_, response) => response.end());
    await gone[Symbol.asyncDispose]();
    await expect(text(server.url, { proxy: { httpProxy: gone.url } })).rejects.toMatchObject({
      code: "UNREACHABLE",
    });
    expect(server.requests).toHaveLength(0);
  });
});

/** Sends a request through a proxy that answers this. Returns the error, and how often the proxy was asked. */
async function through(answer: string) {
  await using proxy = await serve((_, response) => response.end());
  let asked = 0;
  proxy.server.on("connect", (_incoming, client: Socket) => {
    asked += 1;
    client.on("error", () => undefined).end(answer);
  });
  const httpsProxy = proxy.url.replace("http://", "http://user:secret@");
  const outcome = text("https://upstream.example:8443/", {
    proxy: { httpsProxy, httpsVariable: "HTTPS_PROXY" },
  });
  const error = await outcome.catch((reason: unknown) => reason);
  return { error, asked, origin: proxy.url.slice(0, -1) };
}

describe("the response of a proxy to CONNECT", () => {
  test.each([400, 401, 403, 404, 405, 407, 411, 418])("%d is final", async (status) => {
    const { error, asked, origin } = await through(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`);
    expect(asked).toBe(1);
    expect(error).toMatchObject({
      code: "PROXY_FAILED",
      message: expect.stringMatching(
        `^GET https://upstream.example:8443/a: the proxy ${origin} \\(HTTPS_PROXY\\) answers ${status} .* to CONNECT upstream.example:8443`,
      ),
      facts: { proxy: origin, variable: "HTTPS_PROXY" },
    });
    expect(String(error)).not.toContain("secret");
  });

  test.each([429, 500, 502, 503, 504])("%d is retried", async (status) => {
    const { error, asked } = await through(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`);
    expect(asked).toBe(3);
    expect(error).toMatchObject({
      code: "PROXY_FAILED",
      message: expect.stringContaining(`answers ${status} `),
    });
  });

  test("says where user and password are configured, or how to bypass it", async () => {
    const hints = await Promise.all(
      [407, 403].map(async (status) => (await through(`HTTP/1.1 ${status} No\r\n\r\n`)).error),
    );
    expect(hints).toMatchObject([
      { hint: expect.stringMatching(/HTTPS_PROXY, as http:\/\/USER:PASSWORD@127.*machine http:\/\/127/) },
      { hint: expect.stringContaining("add upstream.example to no_proxy") },
    ]);
  });
});

describe("an error names the proxy and its variable", () => {
  test.each([
    [
      "ECONNREFUSED",
      "http://127.0.0.1:1",
      "the proxy http://127.0.0.1:1 (http_proxy) refused the connection",
    ],
    ["ENOTFOUND", "http://proxy.invalid", "the proxy http://proxy.invalid (http_proxy) has a host name that"],
    ["no scheme", "user:secret@127.0.0.1:1", "the proxy http://127.0.0.1:1 (http_proxy) refused"],
  ])("%s", async (_, httpProxy, says) => {
    const outcome = text("http://upstream.example/", { proxy: { httpProxy } });
    await expect(outcome).rejects.toMatchObject({
      message: expect.stringContaining(`GET http://upstream.example/a: ${says}`),
      hint: expect.stringContaining("Check http_proxy"),
    });
    await expect(outcome).rejects.not.toThrow("secret");
  });

  test("when a status may come from either", async () => {
    await using proxy = await serve((_, response) => response.writeHead(503).end());
    const outcome = text("http://upstream.example/", { proxy: { httpProxy: proxy.url } });
    const origin = proxy.url.slice(0, -1);
    await expect(outcome).rejects.toThrow(
      `GET http://upstream.example/a: the server answers 503 Service Unavailable, through the proxy ${origin} (http_proxy) (3 attempts)`,
    );
  });

  test.each(["http", "https"])(
    "when it is asked for %s by https and does not support that",
    async (scheme) => {
      await using proxy = await serve((_, response) => response.end());
      const secure = proxy.url.replace("http:", "https:");
      const outcome = text(`${scheme}://upstream.example/`, {
        proxy: { httpProxy: secure, httpsProxy: secure },
      });
      await expect(outcome).rejects.toMatchObject({
        code: "TLS_FAILED",
        message: expect.stringContaining("does not speak TLS"),
        hint: expect.stringContaining(`${scheme}_proxy=${proxy.url.slice(0, -1)}`),
      });
    },
  );
});

describe("the proxy for a URL", () => {
  test("is undefined if none is configured", () => {
    expect(proxyFor(new URL("http://a/"), { httpsProxy: "http://b" })).toBeUndefined();
    expect(proxyFor(new URL("http://a/"), { httpProxy: "" })).toBeUndefined();
  });

  test("must be an http or https URL, and is not shown otherwise", () => {
    for (const httpProxy of ["http://user:secret@[", "socks5h://user:secret@b:1080"]) {
      expect(() => proxyFor(new URL("http://a/"), { httpProxy })).toThrow(
        /^http_proxy is not an http or https URL, expected http:\/\/host:port$/,
      );
    }
  });
});
