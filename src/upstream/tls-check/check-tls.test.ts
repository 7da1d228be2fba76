import { once } from "node:events";
import type { ServerOptions } from "node:https";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { describe, expect, test } from "vitest";
import {
  checkTls,
  createConnectionPools,
  createUpstream,
  defaultTimeouts,
  type TlsMaterial,
  type TlsReport,
} from "../index.ts";
import { MemorySink, makeCertificates, serve, type TestServer, testSettings } from "../test-support.ts";

const { signal } = new AbortController();
const certificates = makeCertificates();
const { ca, server: identity, client } = certificates;
const others = makeCertificates("DNS:packages.internal");
const expired = makeCertificates("IP:127.0.0.1", { expired: true });

type Checked = Extract<TlsReport, { kind: "tls" }>;

async function check(url: string, tls: TlsMaterial, changes: Parameters<typeof testSettings>[1] = {}) {
  const report = await checkTls(url, testSettings([url], { tls, ...changes }), signal);
  if (report.kind === "plain") throw new Error(`${url} is not https`);
  return report;
}

const supported = ({ versions }: Checked): string[] =>
  versions.filter((version) => version.supported).map(({ version }) => version);

/** Returns the code with which a sync fails, or undefined if it connects. */
async function codeOfSync(url: string, tls: TlsMaterial): Promise<string | undefined> {
  await using pools = createConnectionPools();
  const upstream = createUpstream(testSettings([url], { tls }), pools);
  try {
    await upstream.download({ path: "a", sink: new MemorySink(), bytesMax: 99 }, signal);
    return undefined;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

const serveTls = (options: ServerOptions = {}): Promise<TestServer> =>
  serve((_, response) => response.end("body"), { tls: { ...identity, ...options } });

/** Lets OpenSSL serve the old versions too. */
const anyVersion = { ciphers: "DEFAULT:@SECLEVEL=0", minVersion: "TLSv1" } as const;

describe("the versions of TLS", () => {
  test.each([
    ["TLSv1", "TLS 1.0"],
    ["TLSv1.1", "TLS 1.1"],
    ["TLSv1.2", "TLS 1.2"],
    ["TLSv1.3", "TLS 1.3"],
  ] as const)("of a server that speaks %s alone", async (version, name) => {
    await using server = await serveTls({ ...anyVersion, minVersion: version, maxVersion: version });
    const report = await check(server.url, { ca });
    expect(supported(report)).toEqual([name]);
    expect(report.versions.map((each) => each.reason === undefined)).toEqual(
      report.versions.map((each) => each.supported),
    );
    const isNew = version === "TLSv1.2" || version === "TLSv1.3";
    expect(report.connection?.version).toBe(isNew ? name : undefined);
    expect(report.error?.code).toBe(isNew ? undefined : "TLS_FAILED");
    expect(await codeOfSync(server.url, { ca })).toBe(report.error?.code);
  });

  test("of a server that speaks all of them", async () => {
    await using server = await serveTls(anyVersion);
    const report = await check(server.url, { ca });
    expect(supported(report)).toEqual(["TLS 1.0", "TLS 1.1", "TLS 1.2", "TLS 1.3"]);
    expect(report.connection).toEqual({
      version: "TLS 1.3",
      cipher: "TLS_AES_256_GCM_SHA384",
      verified: true,
    });
  });

  test("are negotiated within the settings", async () => {
    await using server = await serveTls();
    const suite = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";
    expect(
      (await check(server.url, { ca, maxVersion: "TLSv1.2", ciphers: [suite] })).connection,
    ).toMatchObject({
      version: "TLS 1.2",
      cipher: suite,
    });
    const tooNew = { ca, minVersion: "TLSv1.3" } as const;
    await using old = await serveTls({ maxVersion: "TLSv1.2" });
    expect((await check(old.url, tooNew)).error).toMatchObject({ code: "TLS_FAILED" });
  });
});

describe("a certificate", () => {
  test("is described with its chain", async () => {
    await using server = await serveTls({ cert: `${identity.cert}${ca}` });
    const { chain, error } = await check(server.url, { ca });
    expect(error).toBeUndefined();
    expect(chain).toMatchObject([
      {
        subject: "server",
        issuer: "authority",
        names: ["IP Address:127.0.0.1", "DNS:localhost"],
        signatureAlgorithm: "ecdsa-with-SHA256",
      },
      { subject: "authority", issuer: "authority" },
    ]);
    const [own] = chain;
    expect(own?.validTo.getTime()).toBeGreaterThan(Date.now());
    expect(own?.validFrom.getTime()).toBeLessThanOrEqual(Date.now());
  });

  test.each<[string, TlsMaterial, ServerOptions]>([
    ["of an unknown authority", {}, {}],
    ["signed by itself", {}, certificates.authority],
    ["of another name", { ca: others.ca }, others.server],
    ["that has expired", { ca: expired.ca }, expired.server],
  ])("%s is described, and refused as by a sync", async (_, tls, serverTls) => {
    await using server = await serveTls(serverTls);
    const report = await check(server.url, tls);
    expect(report.chain).not.toEqual([]);
    expect(report.connection).toBeDefined();
    expect(report.error?.code).toBe("TLS_FAILED");
    expect(await codeOfSync(server.url, tls)).toBe("TLS_FAILED");
    expect((await check(server.url, { ...tls, insecureSkipVerify: true })).error).toBeUndefined();
  });

  test("of another name is accepted if that name is configured", async () => {
    await using server = await serveTls(others.server);
    const tls = { ca: others.ca, serverName: "packages.internal" };
    expect((await check(server.url, tls)).error).toBeUndefined();
  });
});

describe("a client certificate", () => {
  test.each(["TLSv1.2", "TLSv1.3"] as const)(
    "that is wanted and missing is an error in %s",
    async (version) => {
      await using server = await serveTls({
        ca,
        requestCert: true,
        minVersion: version,
        maxVersion: version,
      });
      const { error } = await check(server.url, { ca });
      expect(error).toMatchObject({ code: "TLS_FAILED", hint: expect.stringContaining("client_cert_file") });
      expect(await codeOfSync(server.url, { ca })).toBeDefined();
      expect((await check(server.url, { ca, ...client })).error).toBeUndefined();
    },
  );
});

/** Opens the tunnels that it is asked for, if `status` is 200. */
async function proxyServer(status: number, asked: string[]): Promise<TestServer> {
  const proxy = await serve((_, response) => response.writeHead(500).end());
  proxy.server.on("connect", ({ url = "", headers }, socket: Socket) => {
    asked.push(`${url} ${headers["proxy-authorization"] ?? "-"}`);
    if (status !== 200) return void socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`);
    const target = connect(Number(url.split(":")[1]), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      socket.pipe(target).pipe(socket);
    });
    for (const each of [socket, target]) each.on("error", () => undefined);
  });
  return proxy;
}

describe("the way to the server", () => {
  test("leads through the proxy that a sync uses", async () => {
    await using server = await serveTls();
    const asked: string[] = [];
    await using proxy = await proxyServer(200, asked);
    const httpsProxy = proxy.url.replace("http://", "http://user:secret@");
    const report = await check(server.url, { ca }, { proxy: { httpsProxy } });
    expect(report).toMatchObject({ proxy: proxy.url.slice(0, -1), error: undefined });
    expect(supported(report)).toEqual(["TLS 1.2", "TLS 1.3"]);
    const authorization = `Basic ${Buffer.from("user:secret").toString("base64")}`;
    expect(new Set(asked)).toEqual(new Set([`127.0.0.1:${server.port} ${authorization}`]));
  });

  test("is an error if the proxy refuses, or nobody listens", async () => {
    await using proxy = await proxyServer(403, []);
    const refused = await check("https://upstream.example/", {}, { proxy: { httpsProxy: proxy.url } });
    expect(refused).toMatchObject({ versions: [], chain: [], error: { code: "PROXY_FAILED" } });
    const gone = await serveTls();
    await gone[Symbol.asyncDispose]();
    expect(await check(gone.url, { ca })).toMatchObject({ versions: [], error: { code: "UNREACHABLE" } });
  });

  test("is an error if the server speaks plain http there", async () => {
    await using server = await serve((_, response) => response.end());
    const { error, versions } = await check(server.url.replace("http:", "https:"), {});
    expect(error).toMatchObject({ code: "TLS_FAILED", hint: expect.stringContaining("http://") });
    expect(versions.some((version) => version.supported)).toBe(false);
  });

  test("is open if the server answers nothing after the handshake", async () => {
    await using server = await serve(() => undefined, { tls: identity });
    const { error } = await check(server.url, { ca }, { timeouts: { ...defaultTimeouts, idleMs: 30 } });
    expect(error).toBeUndefined();
  });

  test("is an error if the server never answers", async () => {
    const server = createServer((socket) => void socket.resume()).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const timeouts = { connectMs: 50, idleMs: 50, minimumRate: { bytesPerSecond: 1, windowMs: 50 } };
    const { error, versions } = await check(`https://127.0.0.1:${port}/`, {}, { timeouts });
    expect(error).toMatchObject({ code: "TIMED_OUT" });
    expect(versions).toEqual([]);
    server.close();
  });
});

test("sends neither path nor password", async () => {
  await using server = await serveTls();
  const url = server.url.replace("https://", "https://user:secret@").concat("debian/");
  const report = await check(url, { ca });
  expect(server.requests.map(({ target, headers }) => [target, headers.authorization])).toEqual([
    ["/", undefined],
  ]);
  expect(report.url).not.toContain("secret");
});

test("has nothing to check at http://", async () => {
  const report = await checkTls("http://upstream.example/", testSettings([]), signal);
  expect(report).toEqual({ kind: "plain", url: "http://upstream.example/" });
});

test("rejects settings that cannot be used, and ends when it is aborted", async () => {
  await using server = await serveTls();
  await expect(check(server.url, { ca: "no certificate" })).rejects.toMatchObject({ code: "TLS_UNUSABLE" });
  const stop = new AbortController();
  const outcome = checkTls(server.url, testSettings([server.url]), stop.signal);
  stop.abort(new Error("stopped"));
  await expect(outcome).rejects.toThrow("stopped");
});
