import { expect, onTestFinished, test } from "vitest";
import { DownloadMemory, downloadMemory } from "./download-memory.ts";

function memoryOf(text: string, expectedBytes?: number): DownloadMemory {
  const memory = new DownloadMemory(expectedBytes);
  onTestFinished(() => memory.release());
  expect(memory.append(Buffer.from(text))).toBe(true);
  return memory;
}

const textOf = ({ bytes }: DownloadMemory): string => Buffer.from(bytes).toString();

test("keeps the bytes of downloads that are under way apart", () => {
  const [one, other] = [memoryOf("on"), memoryOf("other")];
  one.append(Buffer.from("e"));
  expect([one, other].map(textOf)).toEqual(["one", "other"]);
});

test("uses the memory of a released download again, without its bytes", () => {
  const before = memoryOf("before");
  const { offset } = before;
  before.release();
  before.release(); // as after a download that was discarded and closed
  const [next, afterNext] = [memoryOf("n"), memoryOf("a")];
  expect(next.offset).toBe(offset);
  expect(afterNext.offset).not.toBe(offset);
  expect(textOf(next)).toBe("n");
  expect(before.sizeBytes).toBe(0);
});

test("refuses a chunk that does not fit, and keeps the others", () => {
  const memory = memoryOf("a".repeat(200_000));
  expect(memory.append(Buffer.alloc(100_000))).toBe(false);
  expect(textOf(memory)).toBe("a".repeat(200_000));
});

test("refuses what is longer than was expected, and what is expected to be large", () => {
  const memory = memoryOf("four", 4);
  expect(memory.append(Buffer.alloc(4096))).toBe(false);
  expect(new DownloadMemory(300_000).append(Buffer.alloc(1))).toBe(false);
});

test("takes no more for all downloads together than there is", () => {
  const all = Array.from({ length: 1000 }, () => new DownloadMemory(200_000));
  onTestFinished(() => all.forEach((memory) => memory.release()));
  const taken = all.filter((memory) => memory.append(Buffer.alloc(1)));
  expect(taken.length).toBeGreaterThan(16);
  expect(taken.length).toBeLessThan(1000);
  expect(taken.length * 200_000).toBeLessThanOrEqual(downloadMemory().bytes.length);
});
