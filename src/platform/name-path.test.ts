import { expect, test } from "vitest";
import { readStream } from "./decompress/byte-range.ts";
import { syncPath } from "./files.ts";
import { readBytes, readBytesIfAny, readChunks, readTextFile } from "./look.ts";
import { namingPath } from "./name-path.ts";
import { readBounded } from "./read-bounded.ts";
import { readPart } from "./read-part.ts";

/** A file that can be opened and not read, as on a disk that fails: no memory is at its first page. */
const unreadable = "/proc/self/mem";

test.each<[string, () => unknown]>([
  ["readTextFile", () => readTextFile(unreadable)],
  ["readBytes", () => readBytes(unreadable)],
  ["readBytesIfAny", () => readBytesIfAny(unreadable)],
  ["readPart", () => readPart(unreadable, 0, 8)],
  ["readBounded", () => readBounded(unreadable, 8)],
  ["readChunks", () => Array.fromAsync(readChunks(unreadable))],
  ["readStream", () => Array.fromAsync(readStream(unreadable))],
])("%s names the file that a disk does not read", async (_name, read) => {
  await expect((async () => await read())()).rejects.toMatchObject({
    code: "EIO",
    message: `EIO: i/o error, read '${unreadable}'`,
  });
});

test("syncPath names the file that cannot be flushed", () => {
  expect(() => syncPath("/dev/null")).toThrow(/^EINVAL: invalid argument, fsync '\/dev\/null'$/);
});

test("what names a path already, or is not an error of the system, stays as it is", () => {
  expect(() => readBytes("/nonexistent/file")).toThrow(
    /^ENOENT: no such file or directory, open '\/nonexistent\/file'$/,
  );
  const other = new Error("damaged");
  expect(() =>
    namingPath("/file", () => {
      throw other;
    }),
  ).toThrow(other);
  expect(other.message).toBe("damaged");
});
