import { describe, expect, test } from "vitest";
import { RepositoryError } from "../errors.ts";
import { listing, md5, release, sha1, sha256, sha512 } from "./test-support.ts";

describe("the list of files", () => {
  test("may begin on the line of its field, in any spacing and case", () => {
    const { files, remarks } = release(`sha256: ${sha256("1")}\t 1 \t a\n\t${sha256("2")} 2 b\n`);
    expect([...files.values()]).toEqual([
      { name: "a", sizeBytes: 1, digests: { sha256: sha256("1") } },
      { name: "b", sizeBytes: 2, digests: { sha256: sha256("2") } },
    ]);
    expect(remarks).toEqual([]);
  });

  test("gathers the digests of all algorithms", () => {
    const { files } = release(
      `MD5Sum:\n ${md5("1")} 7 a\nSHA1:\n ${sha1("2")} 7 a\nSHA256:\n ${sha256("3")} 7 a\nSHA512:\n ${sha512("4")} 7 a\n`,
    );
    expect(files.get("a")).toEqual({
      name: "a",
      sizeBytes: 7,
      digests: { md5: md5("1"), sha1: sha1("2"), sha256: sha256("3"), sha512: sha512("4") },
    });
  });

  test("may have names with @, +, : and UTF-8 letters", () => {
    const { files } = listing(
      `${sha256("1")} 1 main/dep11/icons-48x48@2.tar.gz`,
      `${sha256("2")} 2 main/i18n/Translation-a+b:c`,
      `${sha256("3")} 3 caf\xc3\xa0`,
    );
    expect([...files.keys()]).toEqual([
      "main/dep11/icons-48x48@2.tar.gz",
      "main/i18n/Translation-a+b:c",
      "cafà",
    ]);
  });

  test("leaves out the signature files, but not the small Release of a section", () => {
    const { files, remarks } = listing(
      `${sha256("1")} 1 Release`,
      `${sha256("2")} 2 InRelease`,
      `${sha256("3")} 3 Release.gpg`,
      `${sha256("4")} 4 main/binary-amd64/Release`,
    );
    expect([...files.keys()]).toEqual(["main/binary-amd64/Release"]);
    expect(remarks).toEqual([]);
  });

  test.each(["../x", "a/../b", "/a", "./a", "a//b", "a/", "a\\b", "a\0b", "caf\xe9"])(
    "leaves out %j, which apt never requests, with a remark",
    (name) => {
      const { files, remarks } = listing(`${sha256("1")} 1 ${name}`, `${sha256("2")} 2 good`);
      expect([...files.keys()]).toEqual(["good"]);
      expect(remarks).toMatchObject([{ kind: "names-unasked", count: 1 }]);
    },
  );

  test("has one remark for many such names", () => {
    const { remarks } = listing(...["/a", "/b", "/c"].map((name) => `${sha256("1")} 1 ${name}`));
    expect(remarks).toEqual([{ kind: "names-unasked", name: "/a", count: 3 }]);
  });

  test.each([
    ["another digest", `${sha256("2")} 1 a`],
    ["another size", `${sha256("1")} 2 a`],
  ])("takes the first of two lines with %s, with a remark", (_, second) => {
    const { files, remarks } = listing(`${sha256("1")} 1 a`, second);
    expect(files.get("a")).toEqual({ name: "a", sizeBytes: 1, digests: { sha256: sha256("1") } });
    expect(remarks).toEqual([{ kind: "names-contradicted", name: "a", count: 1 }]);
  });

  test("may have the same line twice", () => {
    expect(listing(`${sha256("1")} 1 a`, `${sha256("1")} 1 a`).remarks).toEqual([]);
  });

  test("takes the size of the strongest algorithm, with a remark", () => {
    const { files, remarks } = release(`MD5Sum:\n ${md5("1")} 1 a\nSHA256:\n ${sha256("1")} 2 a\n`);
    expect(files.get("a")?.sizeBytes).toBe(2);
    expect(remarks).toEqual([{ kind: "names-contradicted", name: "a", count: 1 }]);
  });

  test("reads upper-case digits, with a remark", () => {
    const { files, remarks } = listing(`${sha256("A")} 1 a`);
    expect(files.get("a")?.digests.sha256).toBe(sha256("a"));
    expect(remarks).toEqual([{ kind: "digests-upper-case", name: "a", count: 1 }]);
  });

  test.each([
    ["a fourth column", `${sha256("1")} 1 a b`],
    ["no name", `${sha256("1")} 1`],
    ["a digest alone", sha256("1")],
  ])("with %s is refused, naming the field: apt refuses the Release", (_, line) => {
    for (const lines of [
      [line, `${sha256("1")} 1 good`],
      [`${sha256("1")} 1 good`, line],
    ]) {
      expect(() => listing(...lines)).toThrow(RepositoryError);
      expect(() => listing(...lines)).toThrow(
        expect.objectContaining({
          code: "FIELD_MALFORMED",
          message: expect.stringMatching(/^Release: SHA256: /),
        }),
      );
    }
  });

  describe("with an entry that has", () => {
    test.each([
      ["no decimal size", `${sha256("1")} 0x1 a`],
      ["a negative size", `${sha256("1")} -1 a`],
      ["a size that is too large", `${sha256("1")} 99999999999999999999 a`],
      ["a digest of another algorithm", `${sha1("1")} 1 a`],
      ["no digest", "- 1 a"],
    ])("%s leaves out only that file, with a remark", (_, text) => {
      for (const [line, lines] of [
        [3, [text, `${sha256("2")} 2 good`]],
        [4, [`${sha256("2")} 2 good`, text]],
      ] as const) {
        const { files, malformed, remarks } = listing(...lines);
        expect([...files.keys()]).toEqual(["good"]);
        const entry = { name: "a", list: "SHA256", line, text, problem: expect.stringMatching(/^not a /) };
        expect([...malformed]).toEqual([["a", entry]]);
        expect(remarks).toEqual([{ kind: "entry-malformed", ...entry, count: 1 }]);
      }
    });

    test("a malformed digest in any list leaves out that file", () => {
      const { files, malformed, remarks } = release(
        `MD5Sum: x 1 a\n y 1 b\n ${md5("1")} 1 c\nSHA256:\n ${sha256("1")} 1 a\n ${sha256("1")} 1 c\n`,
      );
      expect([...files.keys()]).toEqual(["c"]);
      expect([...malformed.keys()]).toEqual(["a", "b"]);
      expect(remarks).toEqual([
        {
          kind: "entry-malformed",
          name: "a",
          list: "MD5Sum",
          line: 2,
          text: "x 1 a",
          problem: 'not a MD5Sum digest: "x"',
          count: 2,
        },
      ]);
    });

    test("an unreadable line after a readable one changes nothing, as in apt", () => {
      const { files, malformed } = listing(`${sha256("1")} 1 a`, "x 1 a");
      expect([[...files.keys()], malformed.size]).toEqual([["a"], 0]);
    });

    test("a name that apt never requests, or of a signature file, is not malformed", () => {
      expect(listing("x 1 ./a", "x 1 Release").malformed.size).toBe(0);
    });
  });
});
