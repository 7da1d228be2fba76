import { connect, type Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { createConnectionPools, createUpstream, defaultTimeouts } from "./index.ts";
import { proxyFor } from "./proxy.ts";
import { MemorySink, makeCertificates, serve, testRetryPolicy, testSettings } from "./test-support.ts";

const { signal } = new AbortController();
const authorization = `Basic ${Buffer.from("user:secret").toString("base64")}`;

async function text(url: string, settings: Parameters<typeof testSettings>[1]): Promise<string> {
  await using pools = createConnectionPools();
  const sink = new MemorySink();
  await createUpstream(testSettings([url], settings), pools).get({ path: "a", sink, bytesMax: 99 }, signal);
  return sink.text;
}

describe("a proxy", () => {
  test("is asked for http by the whole URL, without CONNECT, with its password", async () => {
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

  test("is given no more connections than are configured", async () => {
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
        upstream.get({ path: "a", sink: new MemorySink(), bytesMax: 99 }, signal),
      ),
    );
    expect(connections.size).toBe(2);
  });

  test("carries https through CONNECT, and the certificate is still the upstream's", async () => {
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
    ["https", "https://upstream.example/", 3],
  ])("that refuses %s is an error of the proxy's", async (_, url, times) => {
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
      hint: expect.stringContaining("http_proxy"),
    });
    expect(refused).toBe(times);
  });

  test("that does not answer CONNECT is given up as soon as an upstream that cannot be reached", async () => {
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

  test("that is not there is an error, not a way around it", async () => {
    await using server = await serve((_, response) => response.end("body"));
    const gone = await serve((_, response) => response.end());
    await gone[Symbol.asyncDispose]();
    await expect(text(server.url, { proxy: { httpProxy: gone.url } })).rejects.toMatchObject({
      code: "UNREACHABLE",
    });
    expect(server.requests).toHaveLength(0);
  });
});

describe("the proxy for a URL", () => {
  check("http://deb.debian.org/", "", "proxy:3128");
  check("https://deb.debian.org/", "", "secure:3129");
  check("http://deb.debian.org/", "*", undefined);
  check("http://deb.debian.org/", "debian.org", undefined);
  check("http://deb.debian.org/", "localhost, .Debian.org", undefined);
  check("http://deb.debian.org/", "*.debian.org", undefined);
  check("http://debian.org/", ".debian.org", undefined);
  check("http://notdebian.org/", "debian.org", "proxy:3128");
  check("http://deb.debian.org/", "debian.org:8080", "proxy:3128");
  check("http://deb.debian.org:8080/", "debian.org:8080", undefined);
  check("https://deb.debian.org/", "debian.org:443", undefined);
  check("http://[::1]:8080/", "::1", undefined);
  check("http://[::1]:8080/", "[::1]:8080", undefined);
  check("http://[::1]:8080/", "[::1]:80", "proxy:3128");
  check("http://127.0.0.1/", "127.0.0.1", undefined);

  test("is none when none is configured", () => {
    expect(proxyFor(new URL("http://a/"), { httpsProxy: "http://b" })).toBeUndefined();
    expect(proxyFor(new URL("http://a/"), { httpProxy: "" })).toBeUndefined();
  });

  test("must be a URL of http or https, and is not repeated where it is not", () => {
    for (const httpProxy of ["http://user:secret@[", "socks5h://user:secret@b:1080"]) {
      expect(() => proxyFor(new URL("http://a/"), { httpProxy })).toThrow(
        /^http_proxy is no http or https URL, expected http:\/\/host:port$/,
      );
    }
  });
});

function check(url: string, noProxy: string, expected: string | undefined): void {
  test(`${url} with no_proxy=${noProxy} is ${expected ?? "none"}`, () => {
    const settings = { httpProxy: "proxy:3128", httpsProxy: "http://secure:3129", noProxy };
    expect(proxyFor(new URL(url), settings)?.host).toBe(expected);
  });
}
