/** Responses that apt reads, and that undici's parser refuses. */
import { expect, test } from "vitest";
import { type ServerConnection, servePipelines } from "../../../test/support/index.ts";
import { createConnectionPools, createUpstream } from "../index.ts";
import { MemorySink, testRetryPolicy, testSettings } from "../test-support.ts";

const { signal } = new AbortController();

interface Got {
  readonly bodies: readonly string[];
  readonly connections: number;
  readonly requests: number;
}

/** Requests three files, one after the other, from a server that answers this. */
async function getThree(answer: (body: string) => string): Promise<Got> {
  await using server = await servePipelines(({ socket, pending }: ServerConnection) => {
    for (const target of pending.splice(0)) socket.write(answer(`body\nof ${target}`), "latin1");
  });
  await using pools = createConnectionPools();
  const settings = { retry: { ...testRetryPolicy(), attemptsMax: 1 }, maxConns: 1 };
  const upstream = createUpstream(testSettings([server.url], settings), pools);
  const bodies: string[] = [];
  for (const path of ["a", "b", "c"]) {
    const sink = new MemorySink();
    const sizeBytes = `body\nof /${path}`.length;
    await upstream.download({ path, sink, sizeBytes, bytesMax: 1_000 }, signal);
    bodies.push(sink.text);
  }
  return { bodies, connections: server.connections.length, requests: server.requests.length };
}

const all: Got = { bodies: ["body\nof /a", "body\nof /b", "body\nof /c"], connections: 1, requests: 3 };
const withTwoLengths = (body: string): string =>
  `HTTP/1.1 200 OK\r\n${lengthOf(body)}\r\nContent-Length: 3\r\n\r\n${body}`;
const lengthOf = (body: string): string => `Content-Length: ${body.length}`;

test.each<[string, (body: string) => string]>([
  [
    "a Content-Length twice",
    (body) => `HTTP/1.1 200 OK\r\n${lengthOf(body)}\r\n${lengthOf(body)}\r\n\r\n${body}`,
  ],
  ["a list of one length", (body) => `HTTP/1.1 200 OK\r\n${lengthOf(body)}, ${body.length}\r\n\r\n${body}`],
  ["header lines that end in LF", (body) => `HTTP/1.1 200 OK\nX-A: b\n${lengthOf(body)}\n\n${body}`],
  ["some lines that end in LF", (body) => `HTTP/1.1 200 OK\r\nX-A: b\n${lengthOf(body)}\r\n\n${body}`],
  [
    "chunks whose lines end in LF",
    (body) => `HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n${body.length.toString(16)}\n${body}\n0\n\n`,
  ],
])("reads responses with %s, and uses the connection again", async (_, answer) => {
  expect(await getThree(answer)).toEqual(all);
});

test("refuses two different lengths", async () => {
  await expect(getThree(withTwoLengths)).rejects.toMatchObject({
    code: "RESPONSE_MALFORMED",
    message: expect.stringContaining("the answer is not HTTP/1.1"),
  });
});
