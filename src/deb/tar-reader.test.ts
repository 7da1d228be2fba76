import { describe, expect, test } from "vitest";
import { paxRecord, tarEnd, tarEntry } from "./deb.fixture.ts";
import { type TarEntry, TarReader } from "./tar-reader.ts";

function read(archive: Buffer, chunkBytes = archive.length, contentBytesMax = 1000): readonly TarEntry[] {
  const reader = new TarReader({ wants: (path) => path.startsWith("doc/"), contentBytesMax });
  const entries: TarEntry[] = [];
  for (let at = 0; at < archive.length; at += chunkBytes)
    entries.push(...reader.push(archive.subarray(at, at + chunkBytes)));
  reader.end();
  return entries;
}

const contentOf = ({ content }: TarEntry): string | undefined =>
  content && Buffer.from(content).toString("latin1");

test("lists every entry, with the content of the wanted files", () => {
  const archive = Buffer.concat([
    tarEntry("./", "", { type: "5" }),
    tarEntry("./bin/hello", "x".repeat(1500)),
    tarEntry("./doc/changelog", "news"),
    tarEntry("./doc/empty"),
    tarEntry("./doc/link", "", { type: "2", linkName: "../other" }),
    tarEntry("/dev/null", "", { type: "3" }),
    tarEnd,
  ]);
  for (const chunkBytes of [archive.length, 1, 7, 512, 513]) {
    const entries = read(archive, chunkBytes);
    expect(entries.map(({ path, kind }) => `${kind} ${path}`)).toEqual([
      "directory ",
      "file bin/hello",
      "file doc/changelog",
      "file doc/empty",
      "link doc/link",
      "other dev/null",
    ]);
    expect(entries.map(contentOf)).toEqual([undefined, undefined, "news", "", undefined, undefined]);
    expect(entries[4]?.linkName).toBe("../other");
  }
});

const long = `doc/${"n".repeat(200)}`;

test.each([
  ["a prefix of ustar", tarEntry("name", "1", { prefix: "doc/of" }), "doc/of/name"],
  [
    "no prefix in the old format of GNU",
    tarEntry("doc/x", "1", { prefix: "times", magic: "ustar  \0" }),
    "doc/x",
  ],
  ["a long name of GNU", [tarEntry("././@LongLink", `${long}\0`, { type: "L" }), tarEntry("cut", "1")], long],
  ["a path of pax", [tarEntry("pax", paxRecord("path", long), { type: "x" }), tarEntry("cut", "1")], long],
  [
    "a global header of pax",
    [tarEntry("pax", paxRecord("comment", "x"), { type: "g" }), tarEntry("doc/x", "1")],
    "doc/x",
  ],
  ["the type of old archives", tarEntry("doc/x", "1", { type: "\0" }), "doc/x"],
  ["a sum of signed bytes", tarEntry("doc/\u00e9", "1", { isSigned: true }), "doc/\u00e9"],
])("reads %s", (_what, parts, path) => {
  const [entry] = read(Buffer.concat([parts, tarEnd].flat()));
  expect(entry).toMatchObject({ path, kind: "file" });
});

test("the names of one entry do not become those of the next", () => {
  const archive = Buffer.concat([
    tarEntry("long", `${long}\0`, { type: "L" }),
    tarEntry("link", `${"t".repeat(150)}\0`, { type: "K" }),
    tarEntry("cut", "", { type: "2", linkName: "cut" }),
    tarEntry("doc/next", "1", { linkName: "none" }),
    tarEnd,
  ]);
  expect(read(archive)).toMatchObject([
    { path: long, linkName: "t".repeat(150) },
    { path: "doc/next", linkName: "none" },
  ]);
});

test("a size of pax and a binary size count", () => {
  const size = Buffer.concat([Buffer.from([0x80]), Buffer.alloc(10), Buffer.from([3])]);
  const archive = Buffer.concat([
    tarEntry("doc/a", "abc", { size }),
    tarEntry("pax", paxRecord("size", "3"), { type: "x" }),
    tarEntry("doc/b", "def", { size: "00000000000\0" }),
    tarEnd,
  ]);
  expect(read(archive).map(contentOf)).toEqual(["abc", "def"]);
});

test("a link or a directory has no bytes, whatever its size says", () => {
  const archive = Buffer.concat([
    tarEntry("doc/link", "", { type: "1", linkName: "x", size: "00000001000\0" }),
    tarEntry("doc/after", "1"),
    tarEnd,
  ]);
  expect(read(archive).map(({ path }) => path)).toEqual(["doc/link", "doc/after"]);
});

test("reads nothing behind the end of the archive", () => {
  expect(read(Buffer.concat([tarEntry("doc/a", "1"), tarEnd, Buffer.from("garbage")]))).toHaveLength(1);
});

describe("refuses", () => {
  test.each([
    ["a file that is longer than the archive", tarEntry("x", "1", { size: "00000100000\0" }), "ends early"],
    ["half a header", tarEntry("x").subarray(0, 300), "ends early"],
    [
      "a name without its entry",
      tarEntry("x", `${long}\0`, { type: "L", size: "00000001777\0" }),
      "ends early",
    ],
    ["a header with another checksum", tarEntry("x").fill("y", 0, 1), "checksum"],
    ["what is not a tar", Buffer.alloc(512, "Package: x\n"), "checksum"],
    ["a size that is not a number", tarEntry("x", "", { size: "lots" }), "malformed size"],
    ["a negative size", tarEntry("x", "", { size: Buffer.alloc(12, 0xff) }), "malformed size"],
    ["a size of more than memory", tarEntry("x", "", { size: Buffer.alloc(12, 0x80) }), "impossible size"],
    ["a name of a gigabyte", tarEntry("x", "", { type: "L", size: "07777777777\0" }), "too long"],
    ["a name that leads out", tarEntry("doc/../../etc/passwd", "1"), "leads out of it"],
    [
      "a path of pax that leads out",
      [tarEntry("p", paxRecord("path", "a/.."), { type: "x" }), tarEntry("x")],
      "leads out",
    ],
    ["a record of pax without length", [tarEntry("p", "path=x\n", { type: "x" })], "pax header"],
    ["a record of pax that is cut", [tarEntry("p", "99 path=x\n", { type: "x" })], "pax header"],
    ["a record of pax without an end", [tarEntry("p", "9 path=xy", { type: "x" })], "pax header"],
    ["an endless record of pax", [tarEntry("p", "0 path=xy", { type: "x" })], "pax header"],
    ["a size of pax that is none", [tarEntry("p", paxRecord("size", "-1"), { type: "x" })], "malformed size"],
    ["a sparse file", tarEntry("x", "", { type: "S" }), "unknown type"],
    ["a wanted file of more than the limit", tarEntry("doc/x", "x".repeat(1001)), "more than 1000 bytes"],
    [
      "wanted files that together are",
      [tarEntry("doc/x", "x".repeat(600)), tarEntry("doc/y", "x".repeat(600))],
      "more than",
    ],
  ])("%s", (_what, parts, problem) => {
    expect(() => read(Buffer.concat([parts].flat()))).toThrow(problem);
  });
});
