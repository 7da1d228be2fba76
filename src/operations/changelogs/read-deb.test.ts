import { writeFileSync } from "node:fs";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { compress } from "../../../test/support/compress.ts";
import { ar } from "../../../test/support/index.ts";
import { tarEnd, tarEntry } from "../../deb/deb.fixture.ts";
import { directoryForTest } from "../test-support.ts";
import { type DebLimits, readDebChangelog } from "./read-deb.ts";

const changelogText = (version: string, keys = "urgency=medium") =>
  `hello (${version}) unstable; ${keys}\n\n  * New.\n\n -- Jo <jo@example.org>  Mon, 05 Jan 2026 10:00:00 +0000\n`;
const doc = (name: string, version: string, directory = "hello") =>
  tarEntry(`./usr/share/doc/${directory}/${name}`, pack(name, changelogText(version)));
const pack = (name: string, text: string) => (name.endsWith(".gz") ? gzipSync(text) : Buffer.from(text));

type Members = Parameters<typeof ar>[0];

function debOf(members: Members): string {
  const path = directoryForTest().join("x.deb");
  writeFileSync(path, ar(members));
  return path;
}

const before: Members = [
  ["debian-binary", Buffer.from("2.0\n")],
  ["control.tar.gz", Buffer.from("not read")],
];
const debWith = (entries: readonly Buffer[], end = tarEnd): string =>
  debOf([...before, ["data.tar.gz", gzipSync(Buffer.concat([...entries, end]))]]);

const ports = { signal: new AbortController().signal, decoderCommands: { xz: undefined, lz4: undefined } };
const limits: DebLimits = { unpackedBytesMax: 1 << 20, changelogBytesMax: 10_000, timeoutMs: 20_000 };
const read = (path: string, some: Partial<DebLimits> = {}) =>
  readDebChangelog(path, "hello", ports, { ...limits, ...some });

async function versionsIn(path: string): Promise<unknown> {
  const found = await read(path);
  return found.kind === "changelog" ? found.entries.map(({ version }) => version) : found;
}

describe("where the changelog is", () => {
  test.each([
    ["changelog.Debian.gz", [doc("changelog.Debian.gz", "1-1")], ["1-1"]],
    ["changelog.Debian", [doc("changelog.Debian", "1-1")], ["1-1"]],
    ["changelog.gz of a native package", [doc("changelog.gz", "1")], ["1"]],
    ["not that of upstream", [doc("changelog.Debian.gz", "1-1"), doc("changelog.gz", "99")], ["1-1"]],
    [
      "that of a rebuild comes first",
      [doc("changelog.Debian.amd64.gz", "1-1+b1"), doc("changelog.Debian.gz", "1-1")],
      ["1-1+b1", "1-1"],
    ],
    [
      "that of the package before others",
      [doc("changelog.Debian.gz", "9", "aaa"), doc("changelog.Debian.gz", "1-1")],
      ["1-1"],
    ],
    ["in another directory", [doc("changelog.Debian.gz", "1-1", "libhello")], ["1-1"]],
    ["nowhere", [tarEntry("./usr/share/doc/hello/README", "x")], { kind: "none" }],
    ["not below the directory", [doc("changelog.Debian.gz", "1", "hello/examples")], { kind: "none" }],
    [
      "not in another format",
      [tarEntry("./usr/share/doc/hello/changelog", "* 1.0: New.\n")],
      { kind: "none" },
    ],
  ])("%s", async (_what, entries, expected) => {
    expect(await versionsIn(debWith(entries))).toEqual(expected);
  });

  test.each([
    ["directory", tarEntry("./usr/share/doc/hello", "", { type: "2", linkName: "libhello1" })],
    [
      "file",
      tarEntry("./usr/share/doc/hello/changelog.Debian.gz", "", {
        type: "2",
        linkName: "../libhello1/changelog.Debian.gz",
      }),
    ],
    [
      "hard link",
      tarEntry("./usr/share/doc/hello/changelog.Debian.gz", "", {
        type: "1",
        linkName: "./usr/share/doc/libhello1/changelog.Debian.gz",
      }),
    ],
  ])("a link names the package that has it: %s", async (_what, entry) => {
    expect(await versionsIn(debWith([entry]))).toEqual({ kind: "link", target: "libhello1" });
  });
});

test.each([
  ["data.tar", (tar: Buffer) => tar],
  ["data.tar.gz", (tar: Buffer) => gzipSync(tar)],
  ["data.tar.zst", (tar: Buffer) => zstdCompressSync(tar)],
])("reads %s", async (name, packed) => {
  const data = packed(Buffer.concat([doc("changelog.Debian.gz", "1-1"), tarEnd]));
  const path = debOf([...before, ["_other", Buffer.from("x")], [name, data], ["_behind", Buffer.from("x")]]);
  expect(await versionsIn(path)).toEqual(["1-1"]);
});

test("stops once the directory has been passed", async () => {
  const passed = tarEntry("./usr/share/doc/other", "", { type: "5" });
  const chunk = tarEntry("./usr/share/other", Buffer.alloc(300_000));
  const damaged = Buffer.alloc(300_000, "x");
  expect(await versionsIn(debWith([doc("changelog.Debian.gz", "1-1"), passed, chunk], damaged))).toEqual([
    "1-1",
  ]);
});

describe("refuses", () => {
  const big = tarEntry("./usr/share/big", Buffer.alloc(2 << 20));
  const padding = " ".repeat(20_000);
  test.each([
    [
      "what is not an archive",
      () => debFileOf(Buffer.from("PK\u0003\u0004")),
      "does not begin as an ar archive",
    ],
    ["nothing", () => debFileOf(Buffer.alloc(0)), "does not begin as an ar archive"],
    ["an archive without files", () => debOf(before), "no data.tar"],
    ["an empty data.tar", () => debOf([...before, ["data.tar.xz", Buffer.alloc(0)]]), "no data.tar"],
    [
      "a compression that is not known",
      () => debOf([...before, ["data.tar.rar", Buffer.from("x")]]),
      "no data.tar",
    ],
    [
      "more members than any",
      () =>
        debOf([...Array.from({ length: 16 }, () => before[0] ?? ["", big]), ["data.tar", tarEnd]] as Members),
      "no data.tar",
    ],
    [
      "a file that is cut",
      () => debFileOf(ar([...before, ["data.tar.gz", gzipSync(big)]]).subarray(0, 1000)),
      "longer than the file",
    ],
    [
      "a damaged compression",
      () => debOf([...before, ["data.tar.gz", Buffer.from("no gzip")]]),
      "cannot decompress",
    ],
    [
      "a compression that is cut",
      () => debOf([...before, ["data.tar.gz", gzipSync(big).subarray(0, 500)]]),
      "cannot decompress",
    ],
    ["a tar that is cut", () => debWith([big.subarray(0, 5000)], Buffer.alloc(0)), "ends early"],
    ["more than it may unpack to", () => debWith([big]), "more than the 1048576 bytes"],
    [
      "a changelog that is too large",
      () => debWith([tarEntry("./usr/share/doc/hello/changelog.Debian", padding)]),
      "more than 10000 bytes",
    ],
    [
      "a changelog that unpacks to too much",
      () => debWith([doc2(gzipSync(padding))]),
      "more than 10000 bytes",
    ],
    ["a damaged changelog", () => debWith([doc2(Buffer.from("no gzip"))]), "cannot decompress"],
    [
      "a changelog that is cut",
      () => debWith([doc2(gzipSync(changelogText("1")).subarray(0, 40))]),
      "cannot decompress",
    ],
  ])("%s", async (_what, make, problem) => {
    await expect(read(make())).rejects.toThrow(problem);
  });

  test.each([undefined, "xz"])("an endless data.tar.xz, read by %s", async (xz) => {
    const data = await compress(Buffer.concat([big, tarEnd]), "xz");
    const path = debOf([...before, ["data.tar.xz", data]]);
    const commands = { ...ports, decoderCommands: { xz, lz4: undefined } };
    await expect(readDebChangelog(path, "hello", commands, limits)).rejects.toThrow(
      "more than the 1048576 bytes",
    );
  });

  test("what takes too long", async () => {
    const endless = debWith([tarEntry("./usr/share/big", Buffer.alloc(64 << 20))]);
    const slow = { unpackedBytesMax: 1 << 30, timeoutMs: 0 };
    await expect(read(endless, slow)).rejects.toMatchObject({ code: "DEB_TOO_SLOW" });
  });
});

const doc2 = (bytes: Buffer): Buffer => tarEntry("./usr/share/doc/hello/changelog.Debian.gz", bytes);

function debFileOf(bytes: Buffer): string {
  const path = directoryForTest().join("x.deb");
  writeFileSync(path, bytes);
  return path;
}

test("ends with the reason of the signal", async () => {
  const stop = new AbortController();
  stop.abort(new Error("interrupted"));
  const path = debWith([doc("changelog.Debian.gz", "1-1")]);
  await expect(readDebChangelog(path, "hello", { ...ports, signal: stop.signal })).rejects.toThrow(
    "interrupted",
  );
});
