import type { IncomingMessage } from "node:http";
import type { TLSSocket } from "node:tls";
import { describe, expect, test } from "vitest";
import { createConnectionPools, createUpstream, type TlsMaterial } from "../index.ts";
import { MemorySink, makeCertificates, serve, testSettings } from "../test-support.ts";
import { tlsOptions } from "./tls.ts";

const { signal } = new AbortController();
const certificates = makeCertificates();
const others = makeCertificates("DNS:packages.internal");
const { ca, server: identity, client } = certificates;

interface Seen {
  readonly protocol: string | null;
  readonly cipher: string;
  readonly serverName: string | false;
  readonly hasClientCertificate: boolean;
}

/** Downloads once, and returns what the server saw of the connection. */
async function connect(tls: TlsMaterial, serverTls: object = {}): Promise<Seen[]> {
  const seen: Seen[] = [];
  await using server = await serve((_, response) => response.end("body"), {
    tls: { ...identity, ...serverTls },
  });
  server.server.on("secureConnection", (socket: TLSSocket & { servername: string | false }) => {
    seen.push({
      protocol: socket.getProtocol(),
      cipher: socket.getCipher().name,
      serverName: socket.servername,
      hasClientCertificate: socket.authorized,
    });
  });
  await using pools = createConnectionPools();
  const sink = new MemorySink();
  await createUpstream(testSettings([server.url], { tls }), pools).download(
    { path: "a", sink, bytesMax: 99 },
    signal,
  );
  expect(sink.text).toBe("body");
  return seen;
}

describe("the upstream's certificate", () => {
  test("is accepted from the configured authority", async () => {
    await expect(connect({ ca })).resolves.toHaveLength(1);
  });

  test.each<[string, TlsMaterial, object]>([
    ["no configured authority", {}, {}],
    ["another authority", { ca: others.ca }, {}],
    ["nobody's signature but its own", {}, certificates.authority],
    ["a chain that ends in an unknown authority", {}, { cert: `${identity.cert}${ca}` }],
  ])("is refused with %s, by a message that names ca_cert_file", async (_, tls, serverTls) => {
    await expect(connect(tls, serverTls)).rejects.toMatchObject({
      code: "TLS_FAILED",
      message: expect.not.stringMatching(/node/i), // Node recommends flags of its own, which have no effect here
      hint: expect.stringContaining("ca_cert_file"),
    });
  });

  test("is refused for another name, unless that is configured", async () => {
    const tls = { ca: others.ca };
    await expect(connect(tls, others.server)).rejects.toMatchObject({
      code: "TLS_FAILED",
      hint: expect.stringContaining("server_name"),
    });
    await expect(connect({ ...tls, serverName: "packages.internal" }, others.server)).resolves.toMatchObject([
      { serverName: "packages.internal" },
    ]);
  });

  test("needs the configured name at the upstream, not after a redirect", async () => {
    await using other = await serve((_, response) => response.end("body"), { tls: identity });
    await using server = await serve(
      (_, response) => response.writeHead(302, { location: other.url }).end(),
      { tls: others.server },
    );
    await using pools = createConnectionPools();
    const tls = { ca: `${ca}${others.ca}`, serverName: "packages.internal" };
    const sink = new MemorySink();
    await createUpstream(testSettings([server.url], { tls }), pools).download(
      { path: "a", sink, bytesMax: 99 },
      signal,
    );
    expect(sink.text).toBe("body");
  });

  test("is not checked if so configured", async () => {
    await expect(connect({ insecureSkipVerify: true })).resolves.toHaveLength(1);
  });
});

test("distinguishes plain http at the port from TLS that does not fit", async () => {
  await using server = await serve((_, response) => response.end());
  await using pools = createConnectionPools();
  const settings = testSettings([server.url.replace("http:", "https:")]);
  const outcome = createUpstream(settings, pools).download(
    { path: "a", sink: new MemorySink(), bytesMax: 99 },
    signal,
  );
  await expect(outcome).rejects.toMatchObject({
    code: "TLS_FAILED",
    message: expect.stringMatching(
      /^GET https:\S+: the server does not speak TLS at this port; most likely it speaks plain http \(wrong version number\)$/,
    ),
    hint: expect.stringContaining("http:// in the mirror's url"),
  });
});

test.each([
  ["answers 400", "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"],
  ["answers with an alert of TLS", "\u0015\u0003\u0003\u0000\u0002\u0002\u0046"],
])("advises https for a server that %s to http", async (_, answer) => {
  await using server = await serve((incoming) => void incoming.socket.end(answer, "latin1"));
  await using pools = createConnectionPools();
  const outcome = createUpstream(testSettings([server.url]), pools).download(
    { path: "a", sink: new MemorySink(), bytesMax: 99 },
    signal,
  );
  await expect(outcome).rejects.toMatchObject({
    hint: expect.stringContaining("write https:// in the mirror's url"),
  });
});

describe("the client certificate", () => {
  const asking = { ca, requestCert: true, rejectUnauthorized: false };

  test("is sent to the upstream", async () => {
    await expect(connect({ ca, ...client }, asking)).resolves.toMatchObject([{ hasClientCertificate: true }]);
    await expect(connect({ ca }, asking)).resolves.toMatchObject([{ hasClientCertificate: false }]);
  });

  test("is not sent on behalf of another upstream that redirects to the first", async () => {
    const shown: [string | undefined, boolean][] = [];
    const tls = { ...identity, ...asking };
    const note = ({ url, socket }: IncomingMessage): void =>
      void shown.push([url, (socket as TLSSocket).authorized]);
    await using first = await serve(
      (incoming, response) => {
        note(incoming);
        if (incoming.url === "/b") response.end("body");
        else response.writeHead(404).end();
      },
      { tls },
    );
    await using second = await serve(
      (incoming, response) => {
        note(incoming);
        response.writeHead(302, { location: `${first.url}b` }).end();
      },
      { tls },
    );
    await using pools = createConnectionPools();
    const settings = testSettings([first.url, second.url], { tls: { ca, ...client } });
    await createUpstream(settings, pools).download(
      { path: "a", sink: new MemorySink(), bytesMax: 99 },
      signal,
    );
    expect(shown).toStrictEqual([
      ["/a", true],
      ["/a", true],
      ["/b", false],
    ]);
  });

  test("is not sent to the target of a redirect", async () => {
    const shown: boolean[] = [];
    const tls = { ...identity, ...asking };
    await using other = await serve((_, response) => response.end("body"), { tls });
    await using server = await serve(
      (_, response) => response.writeHead(302, { location: other.url }).end(),
      { tls },
    );
    for (const { server: each } of [server, other]) {
      each.on("secureConnection", (socket: TLSSocket) => shown.push(socket.authorized));
    }
    await using pools = createConnectionPools();
    const settings = testSettings([server.url], { tls: { ca, ...client } });
    await createUpstream(settings, pools).download(
      { path: "a", sink: new MemorySink(), bytesMax: 99 },
      signal,
    );
    expect(shown).toStrictEqual([true, false]);
  });
});

describe("versions and cipher suites", () => {
  test.each<[TlsMaterial, Partial<Seen>]>([
    [{}, { protocol: "TLSv1.3" }],
    [{ maxVersion: "TLSv1.2" }, { protocol: "TLSv1.2" }],
    [{ ciphers: ["TLS_AES_128_GCM_SHA256"] }, { protocol: "TLSv1.3", cipher: "TLS_AES_128_GCM_SHA256" }],
    [
      { ciphers: ["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"] },
      { protocol: "TLSv1.2", cipher: "ECDHE-ECDSA-AES128-GCM-SHA256" },
    ],
    [
      {
        maxVersion: "TLSv1.2",
        ciphers: ["TLS_CHACHA20_POLY1305_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"],
      },
      { protocol: "TLSv1.2", cipher: "ECDHE-ECDSA-AES256-GCM-SHA384" },
    ],
  ])("%j make a connection of %j", async (tls, expected) => {
    await expect(connect({ ca, ...tls })).resolves.toMatchObject([expected]);
  });

  test("fail with advice if the upstream does not support them", async () => {
    await expect(connect({ ca, minVersion: "TLSv1.3" }, { maxVersion: "TLSv1.2" })).rejects.toMatchObject({
      code: "TLS_FAILED",
      hint: expect.stringContaining("[tls]"),
    });
  });
});

test.each<[string, TlsMaterial, string]>([
  ["an authority without a certificate", { ca: "# empty\n" }, "ca_cert_file"],
  ["a certificate that is none", { cert: "x", key: "y" }, "client_cert_file"],
  ["a key of another certificate", { cert: client.cert, key: identity.key }, "client_cert_file"],
  [
    "an unknown cipher suite",
    { ciphers: ["TLS_NULL"] },
    '"TLS_NULL", expected some of TLS_AES_128_GCM_SHA256',
  ],
  ["versions out of order", { minVersion: "TLSv1.3", maxVersion: "TLSv1.2" }, "no version"],
  [
    "suites of no allowed version",
    { minVersion: "TLSv1.3", ciphers: ["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"] },
    "no version",
  ],
])("refuses %s", async (_, tls, message) => {
  expect(() => tlsOptions(tls)).toThrow(message);
  await expect(connect(tls)).rejects.toMatchObject({ code: "TLS_UNUSABLE" });
});
