import { constants, zstdCompressSync } from "node:zlib";
import { expect, test } from "vitest";
import { wholeFrames, ZstdFrames } from "./zstd-frames.ts";

const { ZSTD_c_checksumFlag, ZSTD_c_contentSizeFlag, ZSTD_c_windowLog } = constants;
const text = Buffer.from("some text, and then some more ".repeat(9_000));
const skippable = Buffer.from("5a2a4d1803000000616263", "hex");

/** One of each kind of header, block and frame. */
const frames: readonly Buffer[] = [
  zstdCompressSync(text, { params: { [ZSTD_c_checksumFlag]: 1 } }),
  zstdCompressSync(text, { params: { [ZSTD_c_contentSizeFlag]: 0, [ZSTD_c_windowLog]: 17 } }),
  zstdCompressSync("", { params: { [ZSTD_c_checksumFlag]: 1 } }),
  zstdCompressSync(Buffer.alloc(300_000)),
  zstdCompressSync("short"),
  skippable,
];

/** Where it may end, of all the places where it could be cut. */
function bordersOf(bytes: Buffer): number[] {
  const walk = new ZstdFrames();
  const borders: number[] = walk.isBetween ? [0] : [];
  for (let at = 0; at < bytes.length; at++) {
    walk.push(bytes.subarray(at, at + 1));
    if (walk.isBetween) borders.push(at + 1);
  }
  return borders;
}

test("a file may end between its frames, and nowhere else", () => {
  const ends = frames.map((_frame, index) => Buffer.concat(frames.slice(0, index + 1)).length);
  expect(bordersOf(Buffer.concat(frames))).toEqual([0, ...ends]);
});

test("however it is cut into chunks", () => {
  const whole = Buffer.concat(frames);
  for (const chunkBytes of [2, 3, 7, 1_000, whole.length]) {
    const walk = new ZstdFrames();
    for (let at = 0; at < whole.length; at += chunkBytes) walk.push(whole.subarray(at, at + chunkBytes));
    expect(walk.isBetween).toBe(true);
  }
});

test("reports bytes after a frame that are not a frame", () => {
  const walk = new ZstdFrames();
  expect(() => walk.push(Buffer.concat([zstdCompressSync("x"), Buffer.from("else")]))).toThrow(
    "something else follows",
  );
});

test("no more than one chunk is held back, though every chunk ends with a frame", async () => {
  let taken = 0;
  const chunks = async function* (): AsyncGenerator<Buffer> {
    for (; taken < 5; taken++) yield skippable;
  };
  const ahead: number[] = [];
  let given = 0;
  for await (const chunk of wholeFrames(chunks())) {
    expect(chunk).toEqual(skippable);
    ahead.push(taken - given++);
  }
  expect(ahead).toEqual([1, 1, 1, 1, 1]);
});
