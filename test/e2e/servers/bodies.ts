import { gzipSync } from "node:zlib";
import { completes, fails, type ServerCase, type Surroundings } from "./case.ts";
import type { CaseSite } from "./case-site.ts";
import { answering, bytesIfAny, meeting, pathIn, type Respond, sendFile } from "./misbehaviour.ts";
import { anyFile, inRelease, tool } from "./repository.ts";

const mebibyte = 1 << 20;

function complaintsOfSecond({ server }: CaseSite): readonly string[] {
  const [, second] = server.requests.filter(({ path }) => path === tool.path);
  const range = second?.headers.range;
  return range === "bytes=100-" ? [] : [`the second request was for ${range}, not for the rest`];
}

/** The buffers of the two machines take this many bytes before a refusal arrives. */
const unreadBytesMax = 64 * mebibyte;

function sendWithoutEnd(site: CaseSite): Surroundings {
  let sentBytes = 0;
  answering(tool.path, (_site, _request, response) => {
    const more = (): void => {
      while (response.writable && response.write(Buffer.alloc(65_536))) sentBytes += 65_536;
    };
    response.on("drain", more);
    more();
  })(site);
  return {
    complaints: () =>
      sentBytes <= unreadBytesMax ? [] : [`${sentBytes} bytes were sent before it was aborted`],
  };
}

/** Sends the file of the server, with this end of its head. */
const answerWith =
  (endOfHead: (length: string) => string): Respond =>
  (site, request) => {
    const bytes = bytesIfAny(site, pathIn(request));
    const body = bytes ?? Buffer.from("not here");
    const status = bytes === undefined ? "404 Not Found" : "200 OK";
    const head = `HTTP/1.1 ${status}\r\nConnection: close\r\n`;
    request.socket.write(head + endOfHead(`Content-Length: ${body.length}`));
    request.socket.end(body);
  };

/** A web server of ours would send this time, and clients would take what comes later for unchanged. */
function sendFromTheFuture(site: CaseSite): Surroundings {
  const headers = { "Last-Modified": "Fri, 31 Dec 9999 23:59:59 GMT" };
  answering(anyFile, (_site, request, response) => sendFile(site, request, response, { headers }))(site);
  const complaintOf = ({ path }: { readonly path: string }): readonly string[] =>
    site.modifiedAt(path).getTime() <= Date.now() ? [] : [`${path} is of ${String(site.modifiedAt(path))}`];
  return { complaints: () => [inRelease, tool].flatMap(complaintOf) };
}

/** Cases about bodies and their ends. */
export const bodyCases: readonly ServerCase[] = [
  {
    server: "resets the connection before its answer, once",
    sync: completes(),
    requests: { of: tool, count: 2 },
    waitsMs: [],
    misbehave: meeting({ path: tool.path, resetAt: 0, times: 1 }),
  },
  {
    server: "ends the connection within a package, once",
    sync: completes(),
    requests: { of: tool, count: 2 },
    misbehave(site) {
      site.fault({ path: tool.path, truncateAt: 100, times: 1 });
      return { complaints: () => complaintsOfSecond(site) };
    },
  },
  {
    server: "ends the connection within a package, always",
    sync: fails("the connection ended within the body", "(5 attempts)"),
    requests: { of: tool, count: 5 },
    misbehave: meeting({ path: tool.path, truncateAt: 10 }),
  },
  {
    server: "does not answer, once",
    sync: completes({ says: ["no answer came in time"] }),
    impatient: true,
    misbehave: answering(tool.path, () => undefined, { times: 1 }),
  },
  {
    server: "stops in the middle of a package, once",
    sync: completes(),
    impatient: true,
    misbehave: meeting({ path: tool.path, stallAt: 100, times: 1 }),
  },
  {
    server: "sends a package byte by byte, once",
    sync: completes({ says: ["bytes a second, expected at least"] }),
    impatient: true,
    misbehave: answering(
      tool.path,
      (_site, _request, response) => {
        const drip = setInterval(() => response.write("."), 20);
        response.once("close", () => clearInterval(drip));
      },
      { times: 1 },
    ),
  },
  {
    server: "says that every file is of the year 9999 (`Last-Modified`)",
    sync: completes(),
    misbehave: sendFromTheFuture,
  },
  {
    server: "names no length, and sends every body in chunks",
    sync: completes(),
    misbehave: meeting({ path: anyFile, chunked: true }),
  },
  {
    server: "names no length, and ends every body by closing the connection",
    sync: completes(),
    misbehave: answering(anyFile, (site, request, response) => {
      response.useChunkedEncodingByDefault = false;
      sendFile(site, request, response, { headers: { connection: "close" } });
    }),
  },
  {
    server: "names a length that is not the package's",
    sync: fails("the body has 9999 bytes, expected"),
    requests: { of: tool, count: 2 },
    misbehave: meeting({ path: tool.path, wrongLength: 9_999 }),
  },
  {
    server: "sends a package that never ends",
    sync: fails("the body has more bytes, expected"),
    requests: { of: tool, count: 2 },
    misbehave: sendWithoutEnd,
  },
  {
    server: "compresses whatever it sends, although nobody asked (`Content-Encoding: gzip`)",
    sync: completes(),
    misbehave: answering(anyFile, (site, request, response) =>
      sendFile(site, request, response, { headers: { "content-encoding": "gzip" }, encode: gzipSync }),
    ),
  },
  {
    server: "says `Content-Encoding: gzip` of files that it sends as they are",
    sync: completes(),
    misbehave: answering(anyFile, (site, request, response) =>
      sendFile(site, request, response, { headers: { "content-encoding": "gzip" } }),
    ),
  },
  {
    server: "sends a compressed body of a thousand times the size that is listed",
    sync: fails("pool/main/t/tool/tool_2.0_amd64.deb: "),
    misbehave: meeting({
      path: tool.path,
      status: 200,
      headers: { "Content-Encoding": "gzip" },
      body: gzipSync(Buffer.alloc(mebibyte)),
    }),
  },
  {
    server: "names the length twice, by the same number",
    sync: completes(),
    misbehave: answering(
      anyFile,
      answerWith((length) => `${length}\r\n${length}\r\n\r\n`),
    ),
  },
  {
    server: "names two lengths",
    sync: fails("the answer is not HTTP/1.1", "(5 attempts)"),
    requests: { of: inRelease, count: 5 },
    misbehave: answering(
      inRelease.path,
      answerWith((length) => `${length}\r\n${length}0\r\n\r\n`),
    ),
  },
  {
    server: "ends the lines of its headers in LF alone",
    sync: completes(),
    misbehave: answering(
      anyFile,
      answerWith((length) => `${length}\n\n`),
    ),
  },
  {
    server: "does not speak HTTP",
    sync: fails("the answer is not HTTP/1.1", "(5 attempts)"),
    requests: { of: inRelease, count: 5 },
    misbehave: answering(inRelease.path, (_site, { socket }) => socket.end("SSH-2.0-OpenSSH_9.2\r\n")),
  },
  {
    server: "sends headers without end",
    sync: fails("the headers are too long", "(5 attempts)"),
    requests: { of: inRelease, count: 5 },
    misbehave: answering(inRelease.path, (_site, { socket }) => {
      socket.write(`HTTP/1.1 200 OK\r\n${"X-Header: value\r\n".repeat(10_000)}`);
    }),
  },
];
