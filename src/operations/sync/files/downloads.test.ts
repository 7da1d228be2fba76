import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { describe, expect, onTestFinished, test } from "vitest";
import { listFiles, temporaryDirectory } from "../../../../test/support/index.ts";
import { openApp } from "../../../../test/support/open-app.ts";
import type { MirrorEvent } from "../../../report/events.ts";
import { type ListedFile, normalizePath } from "../../../repository/index.ts";
import { draftTree } from "../../../snapshot/index.ts";
import { startSync } from "../sync-context.ts";
import { storeIntake } from "./store-intake.ts";

const now = new Date("2026-11-01T12:00:00Z");
const MiB = 1 << 20;

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/** Opens a sync as the program does, from a server with this listener. */
async function openSync(listener: Listener) {
  const directory = await temporaryDirectory();
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    listener(request, response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const text = `dir = "${directory.join("www")}"
[mirrors.m]
url = "http://127.0.0.1:${port}/debian"
suites = ["./"]
`;
  mkdirSync(directory.join("www"));
  const events: MirrorEvent[] = [];
  const source = {
    path: directory.join("mirror.toml"),
    text,
    emit: (event: MirrorEvent) => events.push(event),
  };
  const { app, mirror } = await openApp(source, { now: () => now });
  const context = mirror("m");
  const options = { force: false, noPgpCheck: false };
  const sync = startSync(context, await app.openSyncPorts(context), options);
  mkdirSync(context.layout.partial, { recursive: true });
  const draft = draftTree(directory.join("draft"), directory.join("tree"));
  onTestFinished(async () => {
    await app[Symbol.asyncDispose]();
    server.closeAllConnections();
    server.close();
    await directory[Symbol.asyncDispose]();
  });
  return {
    requests,
    partials: context.layout.partial,
    download: (file: ListedFile, names: readonly string[] = [file.path]) =>
      sync.downloads.download(storeIntake(sync, draft), file, names.map(normalizePath)),
    inTree: (file: ListedFile) => readFileSync(directory.join("draft", file.path)),
    timeOf: (file: ListedFile) => statSync(directory.join("draft", file.path)).mtime,
    leftovers: () => listFiles(context.layout.partial),
    /** What a progress bar would have counted to. */
    toldBytes: () =>
      events.reduce((sum, event) => sum + (event.type === "transfer-progressed" ? event.sizeBytes : 0), 0),
  };
}

function listed(name: string, bytes: Buffer): ListedFile {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { path: normalizePath(name), sizeBytes: bytes.length, digests: { sha256 } };
}

const plain = Buffer.from("Package: hello\n\n".repeat(1000));
const gzipped = gzipSync(plain);
const refused = { kind: "refused", error: { area: "trust" } };

describe("a body with an unrequested Content-Encoding", () => {
  test.each([
    ["a plain file that was compressed on the way", plain, gzipSync(plain), "gzip"],
    ["a .gz file that was compressed again, and grew", gzipped, gzipSync(gzipped, { level: 0 }), "gzip"],
    ["a .gz file that was taken for an encoded one", gzipped, gzipped, "x-gzip"],
    ["a file that is not encoded at all", plain, plain, "gzip"],
    ["a file with an encoding of another kind, and its bytes as they are", plain, plain, "br"],
  ])("becomes the listed bytes: %s", async (_, bytes, sent, encoding) => {
    const lastModified = "Sun, 01 Nov 2026 10:00:00 GMT";
    const sync = await openSync((_request, response) => {
      response.setHeader("last-modified", lastModified).setHeader("content-encoding", encoding).end(sent);
    });
    const file = listed("Packages", bytes);
    expect(await sync.download(file)).toEqual({ kind: "downloaded", sizeBytes: bytes.length });
    expect(sync.inTree(file).equals(bytes)).toBe(true);
    expect(sync.timeOf(file)).toEqual(new Date(lastModified));
    expect(sync.requests).toHaveLength(1);
    expect(sync.toldBytes()).toBe(bytes.length);
    expect(await sync.leftovers()).toEqual([]);
  });

  test.each([
    ["decodes to other bytes", gzipSync(plain.toString("utf8").toUpperCase())],
    ["decodes to more than is listed", gzipSync(Buffer.alloc(50 * MiB))],
    ["is not gzip and not as listed", Buffer.from("<html>")],
    ["is cut", gzipped.subarray(0, gzipped.length - 20)],
    ["is longer than any encoding makes it", Buffer.alloc(3 * plain.length)],
  ])("is refused, and not kept, if it %s", async (_, sent) => {
    const sync = await openSync((_request, response) => {
      response.setHeader("content-encoding", "gzip").end(sent);
    });
    expect(await sync.download(listed("Packages", plain))).toMatchObject(refused);
    expect(sync.toldBytes()).toBe(0);
    expect(await sync.leftovers()).toEqual([]);
  });
});

describe("wrong bytes", () => {
  const file = listed("pool/a.deb", plain);
  const others = [
    ["other bytes of the same size", Buffer.alloc(plain.length)],
    ["a page of another size", Buffer.from("<html>")],
  ] as const;

  test.each(others)("from a cache are requested again past it: %s", async (_, stale) => {
    const sync = await openSync((request, response) => {
      response.end(request.headers["cache-control"] === "no-cache" ? plain : stale);
    });
    expect(await sync.download(file)).toMatchObject({ kind: "downloaded" });
    expect(sync.requests.map(({ headers }) => headers["cache-control"])).toEqual([undefined, "no-cache"]);
    expect(sync.inTree(file).equals(plain)).toBe(true);
    expect(sync.toldBytes()).toBe(plain.length);
    expect(await sync.leftovers()).toEqual([]);
  });

  test.each(others)("from upstream are refused after that: %s", async (_, wrong) => {
    const sync = await openSync((_request, response) => response.end(wrong));
    expect(await sync.download(file)).toMatchObject(refused);
    expect(sync.requests).toHaveLength(2);
    expect(sync.toldBytes()).toBe(0);
    expect(await sync.leftovers()).toEqual([]);
  });

  test("at one path do not end the download: the next path is tried", async () => {
    const sync = await openSync((request, response) => {
      response.end(request.url === "/debian/by-hash" ? "wrong" : plain);
    });
    await sync.download(file, ["by-hash", file.path]);
    expect(sync.inTree(file).equals(plain)).toBe(true);
  });
});

test.each([403, 404, 410])("a file is absent, not an error, if a server answers %d", async (status) => {
  const sync = await openSync((_request, response) => response.writeHead(status).end("<html>"));
  expect(await sync.download(listed("by-hash", plain))).toMatchObject({ kind: "absent", status });
});

describe("what an earlier run left", () => {
  const whole = Buffer.alloc(3 * MiB, "whole ");
  const file = listed("pool/big.deb", whole);

  async function openAfterCut(listener: Listener) {
    const sync = await openSync(listener);
    const partial = `${sync.partials}/${file.digests.sha256}`;
    writeFileSync(partial, whole.subarray(0, 2 * MiB));
    writeFileSync(`${partial}.validator`, '"one"');
    return sync;
  }

  test("is continued if upstream has the same file", async () => {
    const sync = await openAfterCut((_request, response) => {
      const range = `bytes ${2 * MiB}-${3 * MiB - 1}/${3 * MiB}`;
      response.writeHead(206, { etag: '"one"', "content-range": range }).end(whole.subarray(2 * MiB));
    });
    await sync.download(file);
    const [request] = sync.requests;
    expect(request?.headers).toMatchObject({ range: `bytes=${2 * MiB}-`, "if-range": '"one"' });
    expect(sync.requests).toHaveLength(1);
    expect(sync.inTree(file).equals(whole)).toBe(true);
    expect(sync.toldBytes()).toBe(whole.length);
  });

  test("is dropped if upstream sends all of another file", async () => {
    const sync = await openAfterCut((_request, response) => response.setHeader("etag", '"two"').end(whole));
    await sync.download(file);
    expect(sync.requests).toHaveLength(1);
    expect(sync.inTree(file).equals(whole)).toBe(true);
    expect(sync.toldBytes()).toBe(whole.length);
    expect(await sync.leftovers()).toEqual([]);
  });

  test("is hashed again with the rest, and dropped if the two do not fit", async () => {
    const sync = await openAfterCut((request, response) => {
      if (request.headers.range === undefined) return void response.end(whole);
      const range = `bytes ${2 * MiB}-${3 * MiB - 1}/${3 * MiB}`;
      response.writeHead(206, { "content-range": range }).end(Buffer.alloc(MiB));
    });
    await sync.download(file);
    expect(sync.requests.map(({ headers }) => headers.range)).toEqual([`bytes=${2 * MiB}-`, undefined]);
    expect(sync.inTree(file).equals(whole)).toBe(true);
  });
});
