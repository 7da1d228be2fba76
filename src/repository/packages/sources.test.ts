import { describe, expect, test } from "vitest";
import { SourcesReader } from "./sources.ts";

const md5 = "1".repeat(32);
const sha1 = "2".repeat(40);
const sha256 = "3".repeat(64);
const sha512 = "4".repeat(128);

function read(text: string, allowWeak = false) {
  const reader = new SourcesReader("main/source/Sources.gz", { allowWeak });
  return [...reader.push(Buffer.from(text, "latin1")), ...reader.end()];
}

const head = "Package: hello\nVersion: 2.10-3\nArchitecture: any\n";
const list = (field: string, digest: string, ...lines: string[]) =>
  `${field}:\n${lines.map((line) => ` ${digest} ${line}\n`).join("")}`;
const hello = `${head}Directory: pool/main/h/hello\n${list("Files", md5, "1183 hello_2.10-3.dsc", "725946 hello_2.10.orig.tar.gz")}${list("Checksums-Sha1", sha1, "1183 hello_2.10-3.dsc")}${list("Checksums-Sha256", sha256, "1183 hello_2.10-3.dsc", "725946 hello_2.10.orig.tar.gz")}`;

describe("a source package", () => {
  test("is read with the union of its lists", () => {
    expect(read(`${hello}\n`)).toEqual([
      {
        name: "hello",
        version: "2.10-3",
        architecture: "source",
        directory: "pool/main/h/hello",
        files: [
          { path: "pool/main/h/hello/hello_2.10-3.dsc", sizeBytes: 1183, digests: { md5, sha1, sha256 } },
          { path: "pool/main/h/hello/hello_2.10.orig.tar.gz", sizeBytes: 725946, digests: { md5, sha256 } },
        ],
        endsAt: hello.length + 1,
      },
    ]);
  });

  test.each([
    ["directory", hello.replace("pool/main/h/hello", "pool/\xe9")],
    ["file", hello.replaceAll("hello_2.10.orig", "hello\xe9")],
  ])("with a %s that is not UTF-8 is left out, and listed as unnamed", (_what, text) => {
    const reader = new SourcesReader("Sources", { allowWeak: false });
    expect([...reader.push(Buffer.from(`${hello}\n${text}`, "latin1")), ...reader.end()]).toHaveLength(1);
    expect(reader.unnamed).toMatchObject([{ line: 14, name: "hello", version: "2.10-3" }]);
  });

  test("has files that only one list has", () => {
    const text = `${head}${list("Checksums-Sha256", sha256, "1 a.dsc")}${list("Checksums-Sha512", sha512, "2 a.tar.xz.asc")}`;
    expect(read(text)[0]?.files).toEqual([
      { path: "a.dsc", sizeBytes: 1, digests: { sha256 } },
      { path: "a.tar.xz.asc", sizeBytes: 2, digests: { sha512 } },
    ]);
  });

  test.each([
    ["", "", "a.dsc"],
    ["Directory:\n", "", "a.dsc"],
    ["Directory: .\n", "", "a.dsc"],
    ["Directory: ./\n", "", "a.dsc"],
    ["Directory: /\n", "", "a.dsc"],
    ["Directory: pool/\n", "pool", "pool/a.dsc"],
    ["Directory: ./pool//x/\n", "pool/x", "pool/x/a.dsc"],
    ["Directory:\n pool/x\n", "pool/x", "pool/x/a.dsc"],
  ])("with %j is in %j", (line, directory, path) => {
    const [found] = read(`${head}${line}${list("Checksums-Sha256", sha256, "1 ./a.dsc")}`);
    expect([found?.directory, found?.files[0]?.path]).toEqual([directory, path]);
  });
});

describe("an error with source and line is thrown for", () => {
  const strong = list("Checksums-Sha256", sha256, "1 a.dsc");
  test.each([
    ["no Package", strong, "FIELD_MISSING"],
    ["no Version", `Package: hello\n${strong}`, "FIELD_MISSING"],
    ["weak digests only", `${head}${list("Files", md5, "1 a.dsc")}`, "DIGEST_MISSING"],
    [
      "one file with weak digests only",
      `${head}${strong}${list("Files", md5, "1 b.tar.gz")}`,
      "DIGEST_MISSING",
    ],
    ["two sizes of a file", `${head}${strong}${list("Files", md5, "2 a.dsc")}`, "FIELD_MALFORMED"],
    ["two digests of a file", `${head}${strong} ${sha512.slice(64)} 1 a.dsc\n`, "FIELD_MALFORMED"],
    ["a line of four words", `${head}${list("Files", md5, "1 a.dsc x")}`, "FIELD_MALFORMED"],
    ["a file outside", `${head}${list("Checksums-Sha256", sha256, "1 ../a.dsc")}`, "PATH_UNSAFE"],
    ["a directory outside", `${head}Directory: ..\n${strong}`, "PATH_UNSAFE"],
  ])("%s", (_, text, code) => {
    expect(() => read(`\n${text}`)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(/^main\/source\/Sources\.gz:2: /) }),
    );
  });
});

test("reads a source package without files", () => {
  expect(read(head)[0]?.files).toEqual([]);
  expect(read(`${head}Checksums-Sha256:\n`)[0]?.files).toEqual([]);
});

test("accepts weak digests with allowWeak", () => {
  expect(read(`${head}${list("Files", md5, "1 a.dsc")}`, true)[0]?.files[0]?.digests).toEqual({ md5 });
});
