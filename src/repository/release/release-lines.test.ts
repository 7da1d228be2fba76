import { describe, expect, test } from "vitest";
import { parseRelease } from "./release.ts";
import { md5, sha256 } from "./test-support.ts";

const broken = (fields: string) => {
  const read = parseRelease(fields, "InRelease");
  return { ...read, files: [...read.files.keys()] };
};

describe("a broken line", () => {
  const list = `SHA256:\n ${sha256("1")} 1 a\n`;

  test("is skipped with the field after it, as in apt", () => {
    expect(broken(`Architectures: amd64\narm64\nComponents: main\nSuite: stable\n${list}`)).toMatchObject({
      architectures: ["amd64"],
      components: [],
      suite: "stable",
      files: ["a"],
      remarks: [{ kind: "line-broken", line: 2, text: "arm64", lostField: "Components" }],
    });
  });

  test("hides all that comes before the next colon, even empty lines", () => {
    expect(broken(`Suite: stable\nof\nus\n\n all\n\nOrigin: us\nLabel: us\n${list}`)).toMatchObject({
      suite: "stable",
      origin: undefined,
      label: "us",
      files: ["a"],
      remarks: [{ kind: "line-broken", line: 2, text: "of", lostField: "Origin" }],
    });
  });

  test("hides no field if a continuation has the next colon", () => {
    expect(broken(`Description: see\nthe page\n https://example.org\nSuite: stable\n${list}`)).toMatchObject({
      suite: "stable",
      remarks: [{ kind: "line-broken", line: 2, text: "the page", lostField: undefined }],
    });
  });

  test.each(["# a comment: here", "-field: x", ": x", "caf\xe9: x", "two words: x", "\xef\xbb\xbfOrigin: x"])(
    "%j is a field without meaning",
    (line) => {
      expect(broken(`${line}\n continued\nSuite: stable\n${list}`)).toMatchObject({
        suite: "stable",
        files: ["a"],
        remarks: [{ kind: "line-broken", line: 1, lostField: undefined }],
      });
    },
  );

  test("that continues no field hides nothing", () => {
    expect(broken(` x\nSuite: stable\n${list}`)).toMatchObject({ suite: "stable", files: ["a"] });
  });

  test("may hide MD5Sum beside a strong list", () => {
    const { files, remarks } = parseRelease(`garbage\nMD5Sum:\n ${md5("1")} 1 a\n${list}`, "InRelease");
    expect(files.get("a")?.digests).toEqual({ sha256: sha256("1") });
    expect(remarks).toMatchObject([{ lostField: "MD5Sum" }]);
  });

  test.each([
    ["hides the only strong list", `MD5Sum:\n ${md5("1")} 1 a\ngarbage\n${list}`, 3],
    ["is an entry", `${list}${sha256("2")} 1 b\n ${sha256("3")} 1 c\nLabel: us\n`, 3],
    ["is an entry with a colon", `${list}${sha256("2")} 1 b:c\n ${sha256("3")} 1 c\nLabel: us\n`, 3],
    ["is followed by entries", `${list}garbage\n ${sha256("3")} 1 c\nLabel: us\n`, 3],
    ["with a colon is followed by entries", `${list}-garbage: x\n y\n ${sha256("3")} 1 c\n`, 3],
    ["is the last", `${list}garbage\n`, 3],
  ])("that %s is refused, and shown", (_, text, line) => {
    expect(() => parseRelease(text, "InRelease")).toThrow(
      expect.objectContaining({
        code: "STANZA_MALFORMED",
        message: expect.stringMatching(new RegExp(`^InRelease:${line}: .*: "[^"]+"`)),
      }),
    );
  });
});
