import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ask } from "./raw-request.ts";
import { type StaticServer, serveDirectory } from "./static-server.ts";
import { type TemporaryDirectory, temporaryDirectory } from "./temporary-directory.ts";

let directory: TemporaryDirectory;
let server: StaticServer;

const modified = "Thu, 01 Jan 2026 00:00:00 GMT";

beforeAll(async () => {
  directory = await temporaryDirectory();
  mkdirSync(directory.join("root/real"), { recursive: true });
  writeFileSync(directory.join("outside"), "outside");
  const names = ["digits", "empty", "g++_1%3a2~rc1 é.deb", "real/file"];
  for (const name of names) writeFileSync(directory.join("root", name), name === "empty" ? "" : "0123456789");
  symlinkSync("real", directory.join("root/current"));
  utimesSync(directory.join("root/digits"), new Date(modified), new Date(modified));
  server = await serveDirectory(directory.join("root"));
});
afterAll(async () => {
  await server.close();
  await directory[Symbol.asyncDispose]();
});

test("listens only on the loopback interface", () => {
  expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
});

test("sends a file with its length, date and tag", async () => {
  const { status, headers, body } = await ask(server.url, "/digits");
  expect({ status, body }).toEqual({ status: 200, body: "0123456789" });
  expect(headers).toMatchObject({
    "content-length": "10",
    "last-modified": modified,
    "accept-ranges": "bytes",
    etag: expect.stringMatching(/^"[0-9a-f]+-a"$/),
  });
  expect(await ask(server.url, "/empty")).toMatchObject({ status: 200, body: "" });
});

test("answers HEAD with only the head", async () => {
  const { status, headers, body } = await ask(server.url, "/digits", { method: "HEAD" });
  expect({ status, body, length: headers["content-length"] }).toEqual({
    status: 200,
    body: "",
    length: "10",
  });
});

test.each([
  ["encoded names", "/g%2b%2B_1%253a2%7Erc1%20%C3%A9.deb", 200],
  ["a plus as it is", "/g++_1%253a2~rc1%20%C3%A9.deb", 200],
  ["dot segments and double slashes", "/./real//../real/file", 200],
  ["a query", "/digits?token=1", 200],
  ["a symbolic link on the way", "/current/file", 200],
  ["a name that is not there", "/missing", 404],
  ["a file taken for a directory", "/digits/x", 404],
  ["a directory", "/real/", 403],
  ["the root", "/", 403],
  ["a way out of the root", "/../outside", 404],
  ["an encoded way out of the root", "/%2e%2e/outside", 404],
  ["an encoding that is none", "/%zz", 400],
])("answers %s: %s with %d", async (_, target, status) => {
  expect((await ask(server.url, target)).status).toBe(status);
});

test("refuses other methods", async () => {
  expect(await ask(server.url, "/digits", { method: "PUT" })).toMatchObject({
    status: 405,
    headers: { allow: "GET, HEAD" },
  });
});

const statusIf = (condition: string) => statusWith({ Range: "bytes=3-", "If-Range": condition });
const statusWith = async (headers: Record<string, string>) =>
  (await ask(server.url, "/digits", { headers })).status;

describe("conditions", () => {
  test("answer 304 for its tag, strong or weak, or for any tag", async () => {
    const { etag = "" } = (await ask(server.url, "/digits")).headers;
    for (const tags of [etag, `W/${etag}`, `"x", ${etag}`, "*"]) {
      expect(await statusWith({ "If-None-Match": tags })).toBe(304);
    }
    expect(await statusWith({ "If-None-Match": '"x"' })).toBe(200);
  });

  test("answer 304 for its date or a later one, unless a tag decides", async () => {
    expect(await statusWith({ "If-Modified-Since": modified })).toBe(304);
    expect(await statusWith({ "If-Modified-Since": "Fri, 02 Jan 2026 00:00:00 GMT" })).toBe(304);
    expect(await statusWith({ "If-Modified-Since": "Wed, 31 Dec 2025 23:59:59 GMT" })).toBe(200);
    expect(await statusWith({ "If-Modified-Since": "nonsense" })).toBe(200);
    expect(await statusWith({ "If-Modified-Since": modified, "If-None-Match": '"x"' })).toBe(200);
  });
});

describe("ranges", () => {
  test.each([
    ["bytes=3-", 206, "3456789", "bytes 3-9/10"],
    ["bytes=3-5", 206, "345", "bytes 3-5/10"],
    ["bytes=8-99", 206, "89", "bytes 8-9/10"],
    ["bytes=-2", 206, "89", "bytes 8-9/10"],
    ["bytes=-99", 206, "0123456789", "bytes 0-9/10"],
    ["bytes=10-", 416, "", "bytes */10"],
    ["bytes=-0", 416, "", "bytes */10"],
    ["bytes=5-3", 200, "0123456789", undefined],
    ["bytes=0-1,4-5", 200, "0123456789", undefined],
    ["lines=1-2", 200, "0123456789", undefined],
  ])("%s -> %d", async (range, status, body, contentRange) => {
    const answer = await ask(server.url, "/digits", { headers: { Range: range } });
    expect(answer).toMatchObject({ status, body });
    expect(answer.headers["content-range"]).toBe(contentRange);
    expect(answer.headers["content-length"]).toBe(String(body.length));
  });

  test("If-Range: sends the part if the file is the same, otherwise the whole", async () => {
    const { etag = "" } = (await ask(server.url, "/digits")).headers;
    expect(await statusIf(etag)).toBe(206);
    expect(await statusIf(modified)).toBe(206);
    expect(await statusIf('"x"')).toBe(200);
    expect(await statusIf(`W/${etag}`)).toBe(200);
    expect(await statusIf("Fri, 02 Jan 2026 00:00:00 GMT")).toBe(200);
  });
});

test("records each request and its answer until they are cleared", async () => {
  server.clearRequests();
  await ask(server.url, "/real/../digits?x=%20", { headers: { Range: "bytes=7-", "X-Test": "yes" } });
  await ask(server.url, "/missing", { method: "HEAD" });
  expect(server.requests).toMatchObject([
    {
      method: "GET",
      path: "/digits",
      target: "/real/../digits?x=%20",
      headers: { "x-test": "yes" },
      status: 206,
      bytesSent: 3,
    },
    { method: "HEAD", path: "/missing", status: 404, bytesSent: 0 },
  ]);
  server.clearRequests();
  expect(server.requests).toEqual([]);
});
