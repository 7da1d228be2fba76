import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type StanzaOptions, StanzaReader } from "./stanzas.ts";

function read(text: string, options?: StanzaOptions) {
  const reader = new StanzaReader("Packages", options);
  return [...reader.push(Buffer.from(text, "latin1")), ...reader.end()];
}

const packagesOf = (text: string) => read(text).map((stanza) => stanza.get("package"));

describe("what separates stanzas", () => {
  test.each([
    ["an empty line", "Package: a\n\nPackage: b\n\n", ["a", "b"]],
    ["several empty lines", "Package: a\n\n\n\nPackage: b\n\n\n", ["a", "b"]],
    ["empty lines before the first", "\n\n\nPackage: a\n\nPackage: b\n", ["a", "b"]],
    ["an empty line of CRLF", "Package: a\r\n\r\nPackage: b\r\n\r\n", ["a", "b"]],
    ["an empty line with several CR", "Package: a\n\r\r\nPackage: b\n", ["a", "b"]],
    ["the end without a line feed", "Package: a\n\nPackage: b", ["a", "b"]],
    ["no line of spaces: the last field wins", "Package: a\n \nPackage: b\n", ["b"]],
    ["no line of tabs", "Package: a\n\t\t\nPackage: b\n", ["b"]],
    ["no line of a space and CR", "Package: a\r\n \r\nPackage: b\r\n", ["b"]],
    ["lines of spaces that no field stands before", " \n\nPackage: a\n\n \n\nPackage: b\n", ["a", "b"]],
    ["nothing in nothing", "", []],
    ["nothing in empty lines", "\n\r\n\n", []],
  ])("%s", (_, text, packages) => {
    expect(packagesOf(text)).toEqual(packages);
  });
});

describe("what a field is", () => {
  test.each([
    ["names in any case", "FILENAME: pool/x\n", "pool/x"],
    ["spaces around the colon", "Filename \t:  pool/x\n", "pool/x"],
    ["no space after the colon", "Filename:pool/x\n", "pool/x"],
    ["white space after the value", "Filename: pool/x \t\r\n", "pool/x"],
    ["the last of two", "Filename: pool/x\nSize: 1\nfilename: pool/y\n", "pool/y"],
    ["an empty last of two", "Filename: pool/x\nFilename:\n", ""],
    ["a value on the next line", "Filename:\n pool/x\n", "pool/x"],
    ["a value on the next line after a tab", "Filename: \n\tpool/x\n", "pool/x"],
    ["a folded value", "Filename: a\n  b \n\tc\n", "a\nb\nc"],
    ["a line of spaces within a folded value", "Filename: a\n \n b\n", "a\nb"],
    ["a continuation that looks like a field", "Filename: a\n Size: b\n", "a\nSize: b"],
    ["a continuation that looks like a comment", "Filename: a\n #b\n", "a\n#b"],
    ["a continuation of another field in between", "Filename: a\nSize: 1\n 2\n", "a"],
    ["colons in the value", "Filename: a:b: c\n", "a:b: c"],
    ["an empty value", "Filename:\n", ""],
    ["Latin-1 bytes", "Maintainer: Ren\xe9\nFilename: ren\xe9\n", "ren\xe9"],
    ["a last byte of a UTF-8 letter that is a Latin-1 space", "Filename: \xc3\xa0\n", "\xc3\xa0"],
    ["NUL bytes", "Maintainer: a\0b\nFilename: x\0y\n", "x\0y"],
  ])("%s", (_, text, value) => {
    expect(read(text).map((stanza) => stanza.get("filename"))).toEqual([value]);
    expect(read(text, { wanted: ["filename"] })[0]?.get("filename")).toBe(value);
  });

  test("what was not wanted is not kept, nor its continuation lines, nor names of the same shape", () => {
    const text = "Filexame: z\n z\nFilename: a\nDescription: b\n c\n";
    const [stanza] = read(text, { wanted: ["filename"] });
    expect(stanza?.get("filename")).toBe("a");
    expect(stanza?.get("filexame")).toBeUndefined();
    expect(stanza?.get("description")).toBeUndefined();
  });

  test("a stanza knows its first line", () => {
    expect(read("\n\nPackage: a\nSize: 1\n\n\nPackage: b").map((stanza) => stanza.line)).toEqual([3, 7]);
  });
});

describe("what apt would misread is an error that names source and line", () => {
  test.each([
    ["a comment", "Package: a\n# note\nFilename: x\n", 2],
    ["a comment with a colon", "Package: a\n#Filename: x\n", 2],
    ["a comment at the start", "#x\nPackage: a\n", 1],
    ["a line without colon", "Package: a\n\nPackage: b\nFilename\nSize: 1\n", 4],
    ["a last line without colon and line feed", "Package: a\nFilename", 2],
    ["a byte order mark", "\xef\xbb\xbfPackage: a\n", 1],
    ["a colon without name", ": a\n", 1],
    ["a PGP header", "-----BEGIN PGP: SIGNED MESSAGE-----\n", 1],
    ["a continuation of nothing", "Package: a\n\n b\n", 3],
    ["HTML", "<!DOCTYPE html>\n<title>404: Not Found</title>\n", 1],
  ])("%s", (_, text, line) => {
    for (const options of [{}, { wanted: ["package"] } as const]) {
      expect(() => read(text, options)).toThrow(
        expect.objectContaining({
          code: "STANZA_MALFORMED",
          message: expect.stringMatching(`^Packages:${line}: `),
        }),
      );
    }
  });
});

/** Continuation lines of so many bytes. */
const folded = (bytes: number) => ` ${"x".repeat(98)}\n`.repeat(bytes / 100);

describe("the bound of a stanza", () => {
  test("takes 1 MB", () => {
    expect(packagesOf(`Package: a\nDescription:\n${folded(1_000_000)}\nPackage: b\n`)).toEqual(["a", "b"]);
  });

  test.each([
    ["of many lines", `Package: a\nDescription:\n${folded(3_000_000)}`],
    ["of many lines that have ended", `Package: a\nDescription:\n${folded(3_000_000)}\n`],
    ["of one line", `Package: a\nDescription: ${"x".repeat(3_000_000)}`],
    ["of a line that has not ended", `Package: ${"x".repeat(3_000_000)}`],
  ])("refuses 3 MB %s", (_, text) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: "STANZA_TOO_LARGE" }));
  });

  test("refuses an endless line while it comes in", () => {
    const reader = new StanzaReader("Packages", { stanzaBytesMax: 10_000 });
    const push = () => {
      for (let count = 0; count < 100; count += 1) reader.push(Buffer.alloc(1000, "x"));
    };
    expect(push).toThrow(/^Packages:1: a stanza of more than 10000 bytes/);
  });

  test("is for each stanza, not for all of them", () => {
    const text = `Package: a\nDescription:\n${folded(1_500_000)}\n`.repeat(3);
    expect(packagesOf(text)).toEqual(["a", "a", "a"]);
  });
});

describe("laws", () => {
  const value = fc.string({
    unit: fc.constantFrom("a", "b", ":", "#", "-", "\xe9", "\xa0", "\0"),
    minLength: 1,
    maxLength: 8,
  });
  const fields = fc.dictionary(
    fc.constantFrom("a", "b-c", "package"),
    fc.array(value, { minLength: 1, maxLength: 3 }),
    {
      minKeys: 1,
    },
  );
  const layout = fc.record({
    newline: fc.constantFrom("\n", "\r\n"),
    gap: fc.integer({ min: 1, max: 3 }),
    fold: fc.constantFrom(" ", "\t", "  "),
    startsBelow: fc.boolean(),
    upperCase: fc.boolean(),
  });
  type Layout = typeof layout extends fc.Arbitrary<infer Value> ? Value : never;

  const print = (stanza: Record<string, string[]>, { newline, gap, fold, startsBelow, upperCase }: Layout) =>
    Object.entries(stanza)
      .map(([name, lines]) => {
        const shownName = upperCase ? name.toUpperCase() : name;
        return `${shownName}:${startsBelow ? newline : ""}${startsBelow ? fold : " "}${lines.join(newline + fold)}${newline}`;
      })
      .join("") + newline.repeat(gap);

  test("what is printed in any layout and cut into any chunks is read as it was", () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 });
    fc.assert(
      fc.property(fc.array(fc.tuple(fields, layout)), cuts, (stanzas, sizes) => {
        const bytes = Buffer.from(stanzas.map(([stanza, how]) => print(stanza, how)).join(""), "latin1");
        const reader = new StanzaReader("Packages");
        const found = [];
        for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1;
          found.push(...reader.push(bytes.subarray(at, at + size)));
          at += size;
        }
        found.push(...reader.end());
        const values = found.map((stanza) => [stanza.get("a"), stanza.get("b-c"), stanza.get("package")]);
        const wanted = stanzas.map(([stanza]) =>
          ["a", "b-c", "package"].map((name) => stanza[name]?.join("\n")),
        );
        expect(values).toEqual(wanted);
      }),
    );
  });
});
