import { describe, expect, test } from "vitest";
import { normalizePath } from "../paths.ts";
import { parseSha256Sums } from "./sha256sums.ts";

const sha256 = (digit: string) => digit.repeat(64);
const images = normalizePath("dists/stable/main/installer-amd64/current/images");
const read = (text: string) => parseSha256Sums(text, images, "SHA256SUMS");

describe("SHA256SUMS", () => {
  test("lists files below its own directory, without sizes", () => {
    expect(read(`${sha256("1")}  ./netboot/mini.iso\n${sha256("A")} *cdrom/vmlinuz\n`)).toEqual([
      { path: `${images}/netboot/mini.iso`, sizeBytes: undefined, digests: { sha256: sha256("1") } },
      { path: `${images}/cdrom/vmlinuz`, sizeBytes: undefined, digests: { sha256: sha256("a") } },
    ]);
  });

  test("may be empty, and may lack its last newline", () => {
    expect(read("")).toEqual([]);
    expect(read(`${sha256("1")}  ./a`)).toHaveLength(1);
  });

  test("may have names with blanks and UTF-8 letters", () => {
    const paths = read(`${sha256("1")}  ./a b\n${sha256("2")}  ./caf\xc3\xa9\n`).map(({ path }) => path);
    expect(paths).toEqual([`${images}/a b`, `${images}/café`]);
  });

  test("leaves out the lists themselves", () => {
    expect(read(`${sha256("1")}  ./SHA256SUMS\n${sha256("2")}  ./MD5SUMS\n${sha256("3")}  ./a\n`)).toEqual([
      expect.objectContaining({ path: `${images}/a` }),
    ]);
  });

  test("keeps a name that begins with a slash below its directory", () => {
    expect(read(`${sha256("1")}  /etc/passwd\n`)[0]?.path).toBe(`${images}/etc/passwd`);
  });

  test.each([
    ["that leads out of its directory", "./../../../../InRelease"],
    ["with a backslash", "a\\b"],
    ["that is an absolute URL", "http://example.org/a"],
    ["of the directory itself", "./"],
  ])("with a name %s is refused", (_, name) => {
    expect(() => read(`${sha256("1")}  ./good\n${sha256("2")}  ${name}\n`)).toThrow(
      expect.objectContaining({ code: "PATH_UNSAFE", message: expect.stringMatching(/^SHA256SUMS:2: /) }),
    );
  });

  test.each([
    ["a digest of another algorithm", `${"1".repeat(32)}  ./a`],
    ["no name", sha256("1")],
    ["one blank", `${sha256("1")} ./a`],
    ["an escaped name", `\\${sha256("1")}  ./a\\nb`],
    ["HTML", "<html>"],
  ])("with %s is refused, naming the line", (_, line) => {
    expect(() => read(`${sha256("1")}  ./good\n${line}\n`)).toThrow(
      expect.objectContaining({ code: "FIELD_MALFORMED", message: expect.stringMatching(/^SHA256SUMS:2: /) }),
    );
  });
});
