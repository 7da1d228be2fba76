import { expect, test } from "vitest";
import { DownloadMemory } from "./download-memory.ts";

test("keeps the bytes of downloads that are under way apart", () => {
  const [one, other] = [new DownloadMemory(), new DownloadMemory()];
  one.append(Buffer.from("on"));
  other.append(Buffer.from("other"));
  one.append(Buffer.from("e"));
  expect([one, other].map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(["one", "other"]);
});

test("uses the buffer of a released download again, without its bytes", () => {
  const before = new DownloadMemory();
  before.append(Buffer.from("before"));
  const { buffer } = before.bytes;
  before.release();
  before.release(); // as after a download that was discarded and closed
  const [next, afterNext] = [new DownloadMemory(), new DownloadMemory()];
  next.append(Buffer.from("n"));
  afterNext.append(Buffer.from("a"));
  expect(next.bytes.buffer).toBe(buffer);
  expect(afterNext.bytes.buffer).not.toBe(buffer);
  expect(Buffer.from(next.bytes).toString()).toBe("n");
  expect(before.sizeBytes).toBe(0);
});

test("refuses a chunk that does not fit, and keeps the others", () => {
  const memory = new DownloadMemory();
  expect(memory.append(Buffer.alloc(200_000))).toBe(true);
  expect(memory.append(Buffer.alloc(100_000))).toBe(false);
  expect(memory.sizeBytes).toBe(200_000);
  memory.release();
});
