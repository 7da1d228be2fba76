import { describe, expect, test } from "vitest";
import { describeError } from "../../report/errors.ts";
import { createConnectionPools, createUpstream, type RetryEvent } from "../index.ts";
import { MemorySink, makeCertificates, serve, type TestServer, testSettings } from "../test-support.ts";
import { parseAuthConf } from "./auth-conf.ts";
import { isTrustedWith } from "./credentials.ts";

const { signal } = new AbortController();

/** Downloads `a` from the URL with the lines of an auth.conf. */
async function fetchWith(
  url: string,
  lines: readonly string[],
  settings: Parameters<typeof testSettings>[1] = {},
  events: RetryEvent[] = [],
): Promise<unknown> {
  await using pools = createConnectionPools();
  const authEntries = parseAuthConf(lines.join("\n"), "/etc/mirrorctl/auth.conf");
  return await createUpstream(testSettings([url], { authEntries, ...settings }, events), pools).download(
    { path: "a", sink: new MemorySink(), bytesMax: 99 },
    signal,
  );
}

/** Returns "user:password" of each request, "-" if none was sent. */
function logins({ requests }: TestServer, header = "authorization"): string[] {
  return requests.map(({ headers }) => {
    const value = headers[header];
    return typeof value === "string" ? Buffer.from(value.replace("Basic ", ""), "base64").toString() : "-";
  });
}

const withUser = (url: string): string => url.replace("://", "://of-url:own@");

test.each([
  ["http://h.example/other", "http://h.example/debian/", true],
  ["http://h.example:8080/", "http://h.example:8080/", true],
  ["http://h.example:8081/", "http://h.example:8080/", false],
  ["http://other.example/", "http://h.example/", false],
  ["http://sub.h.example/", "http://h.example/", false],
  ["https://h.example/", "http://h.example/", true],
  ["https://other.example/", "http://h.example/", false],
  ["https://h.example:8443/", "http://h.example/", false],
  ["https://h.example/", "http://h.example:8080/", false],
  ["http://h.example/", "https://h.example/", false],
])("%s may see what is configured for %s: %s", (url, base, expected) => {
  expect(isTrustedWith(new URL(url), new URL(base))).toBe(expected);
});

describe("a login of auth.conf", () => {
  test("is sent to its host and path", async () => {
    await using server = await serve((_, response) => response.end("body"));
    const lines = [
      `machine ${server.url}ubuntu login other password secret`,
      `machine ${server.url}debian login u password secret`,
    ];
    await fetchWith(`${server.url}debian/`, lines);
    await fetchWith(`${server.url}suse/`, lines);
    expect(logins(server)).toStrictEqual(["u:secret", "-"]);
  });

  test("without a scheme is sent by https only", async () => {
    const { server: identity, ca } = makeCertificates();
    await using secure = await serve((_, response) => response.end("body"), { tls: identity });
    await using plain = await serve((_, response) => response.end("body"));
    const lines = ["machine 127.0.0.1 login u password secret"];
    await fetchWith(secure.url, lines, { tls: { ca } });
    await fetchWith(plain.url, lines);
    expect([logins(secure), logins(plain)]).toStrictEqual([["u:secret"], ["-"]]);
  });

  test("is not used if the URL has one", async () => {
    await using server = await serve((_, response) => response.end("body"));
    await fetchWith(withUser(server.url), [`machine ${server.url} login u password secret`]);
    expect(logins(server)).toStrictEqual(["of-url:own"]);
  });
});

describe("behind a redirect to another host", () => {
  test("the login of that host is sent, not that of the first", async () => {
    await using second = await serve((_, response) => response.end("body"));
    await using first = await serve((_, response) => {
      response.writeHead(302, { location: `${second.url}b` }).end();
    });
    const ofFirst = `machine ${first.url} login first password secret`;
    const ofSecond = `machine ${second.url} login second password secret`;
    await fetchWith(first.url, [ofFirst]);
    await fetchWith(first.url, [ofFirst, ofSecond]);
    await fetchWith(withUser(first.url), [ofSecond]);
    expect(logins(first)).toStrictEqual(["first:secret", "first:secret", "of-url:own"]);
    expect(logins(second)).toStrictEqual(["-", "second:secret", "second:secret"]);
  });

  test("no login of another path on the same host is sent", async () => {
    await using server = await serve((incoming, response) => {
      if (incoming.url === "/private/a") response.writeHead(302, { location: "/public/a" }).end();
      else response.end("body");
    });
    await fetchWith(`${server.url}private/`, [`machine ${server.url}private/ login u password secret`]);
    expect(logins(server)).toStrictEqual(["u:secret", "-"]);
  });
});

describe("a proxy", () => {
  test.each([
    ["has the login that auth.conf has for it", "", "u:secret"],
    ["has that of its own URL before that", "of-url:o%77n@", "of-url:own"],
    ["may have a user alone", "token@", "token:"],
  ])("%s", async (_, userInfo, expected) => {
    await using proxy = await serve((_request, response) => response.end("body"));
    const httpProxy = `http://${userInfo}127.0.0.1:${proxy.port}`;
    const lines = [`machine http://127.0.0.1:${proxy.port} login u password secret`];
    await fetchWith("http://upstream.example/", lines, { proxy: { httpProxy } });
    expect(logins(proxy, "proxy-authorization")).toStrictEqual([expected]);
    expect(logins(proxy)).toStrictEqual(["-"]);
  });
});

describe("a 401 says what to do", () => {
  test.each([
    ["to write them down where none were sent", "", "None were sent. Write them into auth.conf"],
    [
      "to name http where they are for https",
      "machine 127.0.0.1 login u password secret",
      "auth.conf:1 names no scheme",
    ],
    [
      "to correct them where they were written",
      "\nmachine http://127.0.0.1 login u password secret",
      "does not accept those of /etc/mirrorctl/auth.conf:2",
    ],
  ])("%s", async (_, line, hint) => {
    await using server = await serve((_request, response) => response.writeHead(401).end());
    await expect(fetchWith(server.url, [line])).rejects.toMatchObject({
      code: "UNAUTHORIZED",
      hint: expect.stringContaining(hint),
    });
    expect(server.requests).toHaveLength(1);
  });

  test("to correct the URL if it has the login", async () => {
    await using server = await serve((_request, response) => response.writeHead(401).end());
    await expect(fetchWith(withUser(server.url), [])).rejects.toMatchObject({
      hint: expect.stringContaining("those of the mirror's url"),
    });
  });
});

describe("no login is shown", () => {
  test.each([
    ["a refusal", 401],
    ["a failing server", 503],
    ["a redirect that is refused", 302],
  ])("in the errors and events of %s, verbose or not", async (_, status) => {
    await using server = await serve((_request, response) => {
      response.writeHead(status, { location: "file://user:secret@host/?secret" }).end();
    });
    const events: RetryEvent[] = [];
    const line = `machine ${server.url} login user password secret`;
    for (const url of [server.url, server.url.replace("://", "://user:secret@")]) {
      const error: unknown = await fetchWith(url, [line], {}, events).catch((reason: unknown) => reason);
      const told = JSON.stringify([describeError(error, true), error, events]);
      expect(error).toBeInstanceOf(Error);
      expect(told).not.toMatch(/secret|user:|dXNlcjpzZWNyZXQ/);
    }
  });

  test("in the errors of a proxy, verbose or not", async () => {
    await using proxy = await serve((_request, response) => response.writeHead(407).end());
    const httpProxy = proxy.url.replace("://", "://user:secret@");
    for (const url of ["http://upstream.example/", "https://upstream.example/"]) {
      const settings = { proxy: { httpProxy, httpsProxy: httpProxy } };
      const error: unknown = await fetchWith(url, [], settings).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: "PROXY_FAILED" });
      expect(JSON.stringify(describeError(error, true))).not.toMatch(/secret|user:|dXNlcjpzZWNyZXQ/);
    }
  });
});
