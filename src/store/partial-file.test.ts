import { linkSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { describe, expect, onTestFinished, test } from "vitest";
import { listFiles, temporaryDirectory } from "../../test/support/index.ts";
import { PartialFile, type Received } from "./partial-file.ts";

const MiB = 1 << 20;
const lastModified = new Date("2026-05-04T03:02:01Z");

async function place() {
  const directory = await temporaryDirectory();
  onTestFinished(() => directory[Symbol.asyncDispose]());
  return { directory, path: directory.join("partial/one") };
}

describe("a download without a break", () => {
  test("ends with its bytes and upstream's time", async () => {
    const { directory, path } = await place();
    const partial = PartialFile.open(path);
    partial.begin(0, { etag: '"1"' });
    partial.write(Buffer.from("hello "));
    partial.write(Buffer.from("world"));
    const received = partial.finish(lastModified);

    expect(received).toMatchObject({ modifiedAt: lastModified });
    expect(bytesOf(received).toString()).toBe("hello world");
    expect(await listFiles(directory.path)).toEqual([]);
  });

  test("is in a file if it is large, with upstream's time", async () => {
    const { directory, path } = await place();
    const partial = PartialFile.open(path);
    partial.begin(0, { etag: '"1"' });
    for (const chunk of [firstPart.subarray(0, 9), firstPart.subarray(9)]) partial.write(chunk);
    const received = partial.finish(lastModified);

    expect(received).toEqual({ path, sizeBytes: firstPart.length });
    expect(readFileSync(path).equals(firstPart)).toBe(true);
    expect(statSync(path).mtime).toEqual(lastModified);
    expect(await listFiles(directory.path)).toEqual(["partial/one"]);
  });

  test("is in a file if it has to be on the disk", async () => {
    const { path } = await place();
    const partial = PartialFile.open(path);
    partial.begin(0, {});
    partial.write(Buffer.from("small"));
    expect(partial.finish(lastModified, { durable: true })).toEqual({ path, sizeBytes: 5 });
    expect(readFileSync(path, "utf8")).toBe("small");
  });

  test("may have no bytes", async () => {
    const { path } = await place();
    const partial = PartialFile.open(path);
    partial.begin(0, {});
    const received = partial.finish(lastModified);
    expect(bytesOf(received)).toHaveLength(0);
  });

  test("can be read only by its owner", async () => {
    const { directory, path } = await place();
    const partial = PartialFile.open(path);
    partial.write(firstPart);
    partial.discard();
    expect(statSync(directory.join("partial")).mode & 0o777).toBe(0o700);
  });

  test("never writes to bytes that have another name", async () => {
    const { directory, path } = await place();
    mkdirSync(directory.join("partial"));
    writeFileSync(path, "served");
    linkSync(path, directory.join("served"));
    const partial = PartialFile.open(path);
    partial.begin(0, {});
    partial.write(firstPart);
    partial.close();
    expect(readFileSync(directory.join("served"), "utf8")).toBe("served");
    expect(readFileSync(path).equals(firstPart)).toBe(true);
  });

  test.each(["", ".validator"])("does not write through a link in its place%s", async (suffix) => {
    const { directory, path } = await place();
    mkdirSync(directory.join("partial"));
    writeFileSync(directory.join("victim"), "precious");
    symlinkSync(directory.join("victim"), `${path}${suffix}`);
    const partial = PartialFile.open(path);
    partial.begin(0, { etag: '"1"' });
    partial.write(firstPart);
    partial.close();
    expect(readFileSync(directory.join("victim"), "utf8")).toBe("precious");
    expect(readFileSync(path).equals(firstPart)).toBe(true);
  });

  test("does not write through a link that appears while it is opened", async () => {
    const { directory, path } = await place();
    mkdirSync(directory.join("partial"));
    const partial = PartialFile.open(path);
    writeFileSync(directory.join("victim"), "precious");
    symlinkSync(directory.join("victim"), path);
    partial.begin(0, { etag: '"1"' });
    symlinkSync(directory.join("victim"), `${path}.validator`);
    partial.write(firstPart);
    partial.close();
    expect(readFileSync(directory.join("victim"), "utf8")).toBe("precious");
    expect(readFileSync(path).equals(firstPart)).toBe(true);
  });
});

const firstPart = Buffer.alloc(MiB + 7, "first");

/** Returns what was received, wherever it is. */
const bytesOf = (received: Received): Buffer =>
  "path" in received ? readFileSync(received.path) : Buffer.from(received.memory.bytes);

async function cutAfter(bytes: Uint8Array, response: { etag?: string; lastModified?: string }) {
  const { directory, path } = await place();
  const partial = PartialFile.open(path);
  partial.begin(0, response);
  partial.write(bytes);
  partial.close();
  return { directory, path };
}

describe("a download that was cut", () => {
  test("is continued by the next run", async () => {
    const { path } = await cutAfter(firstPart, { etag: '"1"' });
    const again = PartialFile.open(path);
    expect(again.heldBytes).toBe(MiB + 7);
    expect(again.heldValidator).toBe('"1"');

    again.begin(MiB + 7, { etag: '"1"' });
    again.write(Buffer.from("rest"));
    const received = again.finish(lastModified);
    const whole = Buffer.concat([firstPart, Buffer.from("rest")]);
    expect(received).toEqual({ path, sizeBytes: whole.length });
    expect(readFileSync(path).equals(whole)).toBe(true);
  });

  test.each([
    ["the whole file", 0],
    ["another part than the requested one", 5],
  ])("starts again if the server sends %s", async (_what, offsetBytes) => {
    const { path } = await cutAfter(firstPart, { etag: '"1"' });
    const again = PartialFile.open(path);
    again.begin(offsetBytes, { etag: '"2"' });
    expect(again.heldBytes).toBe(0);
    expect(again.heldValidator).toBeUndefined();
    again.write(Buffer.from("new"));
    const received = again.finish(lastModified);
    expect(bytesOf(received).toString()).toBe("new");
  });

  test("below one MiB is downloaded again as a whole", async () => {
    const { directory, path } = await cutAfter(firstPart.subarray(0, MiB - 1), { etag: '"1"' });
    expect(await listFiles(directory.path)).toEqual(["partial/one"]);
    const again = PartialFile.open(path);
    expect(again.heldBytes).toBe(0);
    expect(again.heldValidator).toBeUndefined();
    again.begin(0, {});
    again.write(Buffer.from("new"));
    expect(bytesOf(again.finish(lastModified)).toString()).toBe("new");
  });

  test("below one MiB is continued by the next attempt of the same run", async () => {
    const { directory, path } = await place();
    const partial = PartialFile.open(path);
    partial.begin(0, { etag: '"1"' });
    partial.write(Buffer.from("half "));
    expect(partial).toMatchObject({ heldBytes: 5, heldValidator: '"1"' });
    partial.begin(5, { etag: '"1"' });
    partial.write(Buffer.from("and half"));
    const received = partial.finish(lastModified);
    expect(bytesOf(received).toString()).toBe("half and half");
    expect(await listFiles(directory.path)).toEqual([]);
  });

  test("is not looked for if the whole file is smaller than what is continued", async () => {
    const { path } = await cutAfter(firstPart, { etag: '"1"' });
    expect(PartialFile.open(path, MiB - 1).heldBytes).toBe(0);
    expect(PartialFile.open(path, MiB).heldBytes).toBe(firstPart.length);
  });

  test.each([
    // RFC 9110 13.1.5: If-Range takes a strong entity tag or a date, never a weak tag.
    [{ etag: 'W/"1"', lastModified: "Mon, 04 May 2026 03:02:01 GMT" }, "Mon, 04 May 2026 03:02:01 GMT"],
    [{ etag: 'W/"1"' }, undefined],
    [{ etag: '"1"', lastModified: "Mon, 04 May 2026 03:02:01 GMT" }, '"1"'],
    [{ lastModified: "Mon, 04 May 2026 03:02:01 GMT" }, "Mon, 04 May 2026 03:02:01 GMT"],
    [{}, undefined],
  ])("of a response with %j is known again by %s", async (response, validator) => {
    const { path } = await cutAfter(firstPart, response);
    expect(PartialFile.open(path).heldValidator).toBe(validator);
  });

  test("leaves nothing when it is discarded", async () => {
    const { directory, path } = await cutAfter(firstPart, { etag: '"1"' });
    PartialFile.open(path).discard();
    expect(await listFiles(directory.path)).toEqual([]);
  });

  test("that is complete keeps its modification time", async () => {
    const { path } = await cutAfter(firstPart, {});
    const before = statSync(path).mtimeMs;
    expect(bytesOf(PartialFile.open(path).finish(undefined)).equals(firstPart)).toBe(true);
    expect(statSync(path).mtimeMs).toBe(before);
  });
});
