import { describe, expect, test } from "vitest";
import { createConnectionPools, createUpstream, type DownloadRequest } from "../index.ts";
import { MemorySink, makeCertificates, serve, testSettings } from "../test-support.ts";
import { followRedirects } from "./redirects.ts";

const { signal } = new AbortController();

function request(changes: Partial<DownloadRequest> = {}): DownloadRequest {
  return { path: "start", sink: new MemorySink(), bytesMax: 1_000, ...changes };
}

describe("a redirect", () => {
  test.each([301, 302, 303, 307, 308])("with %d is followed", async (status) => {
    await using server = await serve((incoming, response) => {
      if (incoming.url === "/debian/start") response.writeHead(status, { location: "../end" }).end("moved");
      else response.end("body");
    });
    await using pools = createConnectionPools();
    const sink = new MemorySink();
    await createUpstream(testSettings([`${server.url}debian/`]), pools).download(request({ sink }), signal);
    expect(sink.text).toBe("body");
    expect(sink.begins).toStrictEqual([0]);
    expect(server.requests.map(({ target }) => target)).toStrictEqual(["/debian/start", "/end"]);
  });

  test("to another host keeps query and range, and sends no password", async () => {
    await using cdn = await serve((incoming, response) => {
      const headers = { "content-range": "bytes 2-3/4" };
      if (incoming.headers.range === "bytes=2-") response.writeHead(206, headers).end("dy");
      else response.end("body");
    });
    await using server = await serve((incoming, response) => {
      const location = incoming.url === "/start" ? "/next" : `${cdn.url}object?Signature=a%2Bb&Expires=9`;
      response.writeHead(302, { location }).end();
    });
    await using pools = createConnectionPools();
    const sink = new MemorySink("bo");
    const base = server.url.replace("http://", "http://user:secret@");
    await createUpstream(testSettings([base]), pools).download(request({ sink }), signal);
    expect(sink.text).toBe("body");
    expect(cdn.requests[0]?.target).toBe("/object?Signature=a%2Bb&Expires=9");
    expect(server.requests.map(({ headers }) => typeof headers.authorization)).toStrictEqual([
      "string",
      "string",
    ]);
    expect(cdn.requests[0]?.headers).not.toHaveProperty("authorization");
  });

  test("to a URL with a password does not send that password", async () => {
    await using cdn = await serve((_, response) => response.end("body"));
    await using server = await serve((_, response) => {
      response.writeHead(302, { location: cdn.url.replace("http://", "http://a:b@") }).end();
    });
    await using pools = createConnectionPools();
    await createUpstream(testSettings([server.url]), pools).download(request(), signal);
    expect(cdn.requests[0]?.headers).not.toHaveProperty("authorization");
  });

  test("to a missing file makes it absent, and hides the query", async () => {
    await using cdn = await serve((_, response) => response.writeHead(403).end());
    await using server = await serve((_, response) => {
      response.writeHead(302, { location: `${cdn.url}object?Signature=secret` }).end();
    });
    await using pools = createConnectionPools();
    expect(await createUpstream(testSettings([server.url]), pools).download(request(), signal)).toStrictEqual(
      {
        kind: "absent",
        status: 403,
        url: `${cdn.url}object?...`,
      },
    );
  });

  test("in a circle is refused without a retry", async () => {
    await using server = await serve((incoming, response) => {
      response.writeHead(302, { location: incoming.url === "/start" ? "/other" : "/start" }).end();
    });
    await using pools = createConnectionPools();
    await expect(
      createUpstream(testSettings([server.url]), pools).download(request(), signal),
    ).rejects.toMatchObject({
      code: "REDIRECT_LOOP",
    });
    expect(server.requests).toHaveLength(2);
  });

  test("is followed at most ten times", async () => {
    const start = new URL("http://upstream.example/0");
    const follow = async (ask: ReturnType<typeof hops>) =>
      followRedirects({ head: await ask(start), url: start }, ask);
    expect((await follow(hops(10))).url.pathname).toBe("/10");
    await expect(follow(hops(11))).rejects.toMatchObject({ code: "REDIRECT_LOOP" });
  });

  test.each([[undefined], ["http://[not-a-host/"]])("with the Location %s is an error", async (location) => {
    await using server = await serve((_, response) => {
      response.writeHead(302, location === undefined ? {} : { location }).end();
    });
    await using pools = createConnectionPools();
    await expect(
      createUpstream(testSettings([server.url]), pools).download(request(), signal),
    ).rejects.toMatchObject({
      code: "RESPONSE_MALFORMED",
    });
  });
});

describe("a redirect between http and https", () => {
  test("is followed from http to https, and not back", async () => {
    const certificates = makeCertificates();
    const settings = { tls: { ca: certificates.ca } };
    await using plain = await serve((incoming, response) => {
      if (incoming.url === "/start") response.writeHead(301, { location: `${secure.url}start` }).end();
      else response.end("never asked for");
    });
    await using secure = await serve(
      (incoming, response) => {
        if (incoming.url === "/start") response.end("body");
        else response.writeHead(301, { location: `${plain.url}down?token=secret` }).end();
      },
      { tls: certificates.server },
    );
    await using pools = createConnectionPools();
    const sink = new MemorySink();
    await createUpstream(testSettings([plain.url], settings), pools).download(request({ sink }), signal);
    expect(sink.text).toBe("body");
    const outcome = createUpstream(testSettings([secure.url], settings), pools).download(
      request({ path: "b" }),
      signal,
    );
    await expect(outcome).rejects.toMatchObject({
      code: "REDIRECT_REFUSED",
      message: `GET ${secure.url}b: the server redirects to ${plain.url}down?..., expected https`,
    });
    expect(plain.requests).toHaveLength(1);
  });

  test("is refused to any other scheme", async () => {
    await using server = await serve((_, response) =>
      response.writeHead(302, { location: "file:///etc/passwd" }).end(),
    );
    await using pools = createConnectionPools();
    await expect(
      createUpstream(testSettings([server.url]), pools).download(request(), signal),
    ).rejects.toMatchObject({
      code: "REDIRECT_REFUSED",
    });
  });
});

/** A server whose page n redirects to page n + 1, up to the last one. */
function hops(last: number) {
  return (url: URL) => {
    const hop = Number(url.pathname.slice(1));
    const location = String(hop + 1);
    return Promise.resolve(
      hop === last ? { status: 200, headers: {} } : { status: 302, headers: { location } },
    );
  };
}
