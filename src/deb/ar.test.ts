import { describe, expect, test } from "vitest";
import { checkArMagic, dataCompressionOf, readArHeader } from "./ar.ts";

const header = (name: string, size: string, end = "`\n"): Buffer =>
  Buffer.from(name.padEnd(16) + "0".padEnd(32) + size.padEnd(10) + end);

test("finds where the bytes of a member are, and the next one", () => {
  expect(readArHeader(header("debian-binary", "4"), 8, 100)).toEqual({
    name: "debian-binary",
    start: 68,
    end: 72,
    next: 72,
  });
  expect(readArHeader(header("data.tar.xz/", "5"), 8, 73)).toMatchObject({
    name: "data.tar.xz",
    end: 73,
    next: 74,
  });
});

describe("refuses", () => {
  test.each([
    ["a member that is longer than the file", header("x", "33"), "longer than the file"],
    ["a size that is not a number", header("x", "-1"), "malformed size"],
    ["no size", header("x", ""), "malformed size"],
    ["half a header", header("x", "1").subarray(0, 30), "cut or damaged"],
    ["another end of the header", header("x", "1", "\n\n"), "cut or damaged"],
  ])("%s", (_what, bytes, problem) => {
    expect(() => readArHeader(bytes, 8, 100)).toThrow(problem);
  });

  test("what does not begin as an archive", () => {
    expect(() => checkArMagic(Buffer.from("!<thin>\n"))).toThrow("does not begin");
    expect(() => checkArMagic(Buffer.from("!<a"))).toThrow("does not begin");
    expect(() => checkArMagic(Buffer.from("!<arch>\n"))).not.toThrow();
  });
});

test("knows the compressions of deb(5)", () => {
  expect(["data.tar", "data.tar.zst", "data.tar.xz"].map(dataCompressionOf)).toEqual(["plain", "zst", "xz"]);
  expect(["control.tar.gz", "data.tar.rar", "_data.tar.gz"].map(dataCompressionOf)).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
