import { writeFileSync } from "node:fs";
import { get } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ask } from "./raw-request.ts";
import { type StaticServer, serveDirectory } from "./static-server.ts";
import { type TemporaryDirectory, temporaryDirectory } from "./temporary-directory.ts";

let directory: TemporaryDirectory;
let server: StaticServer;
const content = "0123456789".repeat(20_000);

beforeEach(async () => {
  directory = await temporaryDirectory();
  writeFileSync(directory.join("file"), content);
  writeFileSync(directory.join("other"), "other");
  server = await serveDirectory(directory.path);
});
afterEach(async () => {
  await server.close();
  await directory[Symbol.asyncDispose]();
});

const healthy = { status: 200, body: content, complete: true };

test("applies to matching paths, a given number of times, and counts", async () => {
  const armed = server.fault({ path: "/file", times: 2, status: 503, headers: { "Retry-After": "1" } });
  expect(await ask(server.url, "/other")).toMatchObject({ status: 200, body: "other" });
  for (let time = 1; time <= 2; time++) {
    expect(await ask(server.url, "/file")).toMatchObject({ status: 503, headers: { "retry-after": "1" } });
  }
  expect(await ask(server.url, "/file")).toMatchObject(healthy);
  expect(armed.timesMet).toBe(2);
});

test("applies the first matching pattern, then the next once that is used up", async () => {
  const first = server.fault({ path: /\/(file|other)$/, times: 1, status: 500 });
  const second = server.fault({ path: /\/(file|other)$/g, status: 403, body: "no" });
  const statuses = [];
  for (const target of ["/file", "/other", "/other"]) statuses.push((await ask(server.url, target)).status);
  expect(statuses).toEqual([500, 403, 403]);
  second.disarm();
  expect((await ask(server.url, "/other")).status).toBe(200);
  expect([first.timesMet, second.timesMet]).toEqual([1, 2]);
});

test("can send a page instead of the file", async () => {
  server.fault({ path: "/file", html: true });
  const answer = await ask(server.url, "/file");
  expect(answer).toMatchObject({ status: 200, complete: true, headers: { "content-type": "text/html" } });
  expect(answer.body).toContain("<!DOCTYPE html>");
});

test.each([0, 1, 100_000])("can end the connection after %d bytes of the body", async (bytes) => {
  const armed = server.fault({ path: "/file", truncateAt: bytes });
  expect(await ask(server.url, "/file")).toMatchObject({
    status: 200,
    complete: false,
    body: content.slice(0, bytes),
    headers: { "content-length": String(content.length) },
  });
  await armed.reached;
  expect(server.requests[0]?.bytesSent).toBe(bytes);
});

test("can reset the connection before or during the answer", async () => {
  const before = server.fault({ path: "/file", times: 1, resetAt: 0 });
  await expect(ask(server.url, "/file")).rejects.toMatchObject({ code: "ECONNRESET" });
  await before.reached;
  const later = server.fault({ path: "/file", times: 1, resetAt: 1000 });
  // The reset may overtake the head, or come after it.
  const outcome = await ask(server.url, "/file").then(
    (answer) => answer.complete,
    () => false,
  );
  expect(outcome).toBe(false);
  await later.reached;
  expect(await ask(server.url, "/file")).toMatchObject(healthy);
});

describe("a stalled answer", () => {
  test("continues when it is released", async () => {
    const armed = server.fault({ path: "/file", stallAt: 70_000 });
    const answer = ask(server.url, "/file");
    await armed.reached;
    expect(server.requests[0]?.bytesSent).toBe(70_000);
    armed.release();
    expect(await answer).toMatchObject(healthy);
  });

  test("ends with its client, and with its server", async () => {
    const first = server.fault({ path: "/file", times: 1, stallAt: 10 });
    const second = server.fault({ path: "/file", stallAt: 10 });
    const client = get(`${server.url}/file`).on("error", () => undefined);
    await first.reached;
    client.destroy();
    const left = ask(server.url, "/file");
    await second.reached;
    await server.close();
    await left.then(
      (answer) => expect(answer.complete).toBe(false),
      (error: unknown) => expect(error).toMatchObject({ code: "ECONNRESET" }),
    );
  });
});

test("can name a length that is too small or too large", async () => {
  server.fault({ path: "/other", times: 1, wrongLength: 3 });
  expect(await ask(server.url, "/other")).toMatchObject({ body: "oth", complete: true });
  server.fault({ path: "/other", times: 1, wrongLength: 9 });
  expect(await ask(server.url, "/other")).toMatchObject({ body: "other", complete: false });
});

test("can leave the length out", async () => {
  server.fault({ path: "/file", chunked: true });
  const answer = await ask(server.url, "/file");
  expect(answer).toMatchObject({ ...healthy, headers: { "transfer-encoding": "chunked" } });
  expect(answer.headers["content-length"]).toBeUndefined();
});

test("can send any bytes", async () => {
  const armed = server.fault({
    path: "/file",
    times: 1,
    respond: (_, response) => response.writeHead(418).end(),
  });
  expect((await ask(server.url, "/file")).status).toBe(418);
  await armed.reached;
  expect(await ask(server.url, "/file")).toMatchObject(healthy);
});

test("can ignore a range", async () => {
  server.fault({ path: "/other", ignoreRange: true });
  const answer = await ask(server.url, "/other", { headers: { Range: "bytes=2-" } });
  expect(answer).toMatchObject({ status: 200, body: "other" });
});

test("lets a test change the file before it is read, and delay the answer", async () => {
  const gate = Promise.withResolvers<void>();
  server.fault({
    path: "/other",
    delayUntil: gate.promise,
    before: (request) => {
      writeFileSync(directory.join("other"), `changed for ${request.method}`);
      gate.resolve();
    },
  });
  expect((await ask(server.url, "/other")).body).toBe("changed for GET");
});

test("reports a failed hook at close", async () => {
  await using failing = await serveDirectory(directory.path);
  failing.fault({ path: "/other", times: 1, before: () => Promise.reject(new Error("in the hook")) });
  await expect(ask(failing.url, "/other")).rejects.toMatchObject({ code: "ECONNRESET" });
  await expect(failing.close()).rejects.toMatchObject({ errors: [new Error("in the hook")] });
});
