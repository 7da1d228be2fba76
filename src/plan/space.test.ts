import { expect, test } from "vitest";
import {
  addSpace,
  countDirectoriesOf,
  noSpace,
  shortagesOf,
  spaceOfDirectories,
  spaceOfFiles,
} from "./space.ts";

test("counts whole blocks and an inode for a file, only the inode if empty", () => {
  expect(spaceOfFiles([])).toEqual(noSpace);
  expect(
    spaceOfFiles([{ sizeBytes: 0 }, { sizeBytes: 1 }, { sizeBytes: 4096 }, { sizeBytes: 4097 }]),
  ).toEqual({ bytes: 4 * 4096, inodes: 4 });
  expect(spaceOfFiles([{ sizeBytes: undefined }])).toEqual({ bytes: 0, inodes: 1 });
});

test("counts a block and an inode for a directory", () => {
  expect(spaceOfDirectories(3)).toEqual({ bytes: 3 * 4096, inodes: 3 });
});

test("counts every directory above a file once", () => {
  expect(countDirectoriesOf([])).toBe(0);
  expect(countDirectoriesOf(["InRelease"])).toBe(0);
  expect(countDirectoriesOf(["pool/main/a/apt/apt.deb", "pool/main/a/apt/libapt.deb"])).toBe(4);
  expect(countDirectoriesOf(["pool/main/a/apt/apt.deb", "pool/main/b/bash/bash.deb", "pool/x.deb"])).toBe(6);
  expect(countDirectoriesOf(["a/b", "ab/b"])).toBe(2);
  expect(countDirectoriesOf(["a/b", "c/b", "a/d", "x", "a/d/e", "c/d"])).toBe(3);
});

test("returns what does not fit: bytes, inodes, or both", () => {
  const needed = { bytes: 100, inodes: 10 };
  expect(shortagesOf(needed, { bytes: 100, inodes: 10 })).toEqual([]);
  expect(shortagesOf(needed, { bytes: 99, inodes: 10 })).toEqual([{ what: "bytes", needed: 100, free: 99 }]);
  expect(shortagesOf(needed, { bytes: 100, inodes: 9 })).toEqual([{ what: "inodes", needed: 10, free: 9 }]);
  expect(shortagesOf(needed, { bytes: 0, inodes: 0 })).toHaveLength(2);
});

test("has enough inodes on a file system without a fixed number", () => {
  expect(shortagesOf({ bytes: 1, inodes: 1_000_000 }, { bytes: 1, inodes: undefined })).toEqual([]);
});

test("adds up", () => {
  expect(addSpace()).toEqual(noSpace);
  expect(addSpace({ bytes: 1, inodes: 2 }, { bytes: 3, inodes: 4 })).toEqual({ bytes: 4, inodes: 6 });
});
