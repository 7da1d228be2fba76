import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RepositoryError } from "../errors.ts";
import { fieldNames, indexFile, spoilingLine } from "./stanzas.fixture.ts";
import { type Stanza, type StanzaOptions, StanzaReader } from "./stanzas.ts";

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
    ["not a line of spaces: the last field counts", "Package: a\n \nPackage: b\n", ["b"]],
    ["not a line of tabs", "Package: a\n\t\t\nPackage: b\n", ["b"]],
    ["not a line of a space and CR", "Package: a\r\n \r\nPackage: b\r\n", ["b"]],
    ["one line of spaces between two empty ones", "Package: a\n\n \n\nPackage: b\n", ["a", "b"]],
    ["lines of spaces without a field before them", " \n\nPackage: a\n\n \n\nPackage: b\n", ["a", "b"]],
    ["nothing in nothing", "", []],
    ["nothing in empty lines", "\n\r\n\n", []],
  ])("%s", (_, text, packages) => {
    expect(packagesOf(text)).toEqual(packages);
  });
});

describe("a field may have", () => {
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

  test("keeps only wanted fields, not others of similar names", () => {
    const text = "Filexame: z\n z\nFilename: a\nDescription: b\n c\n";
    const [stanza] = read(text, { wanted: ["filename"] });
    expect(stanza?.get("filename")).toBe("a");
    expect(stanza?.get("filexame")).toBeUndefined();
    expect(stanza?.get("description")).toBeUndefined();
  });

  test("ends with the empty line behind it, wherever chunks are cut", () => {
    const text = "\n\nPackage: a\nSize: 1\n\n\nPackage: b\r\n\r\nPackage: c\n";
    const reader = new StanzaReader("Packages");
    const stanzas = [...Buffer.from(text)].flatMap((byte) => reader.push(Buffer.of(byte)));
    const ends = [...stanzas, ...reader.end()].map(({ endsAt }) => endsAt);
    const ended = ["\n\nPackage: a\nSize: 1\n\n", "\nPackage: b\r\n\r\n", "Package: c\n"];
    expect(ends).toEqual(ended.map((_, at) => ended.slice(0, at + 1).join("").length));
    expect(read(text).map(({ endsAt }) => endsAt)).toEqual(ends);
  });

  test("has the number of its first line", () => {
    expect(read("\n\nPackage: a\nSize: 1\n\n\nPackage: b").map((stanza) => stanza.line)).toEqual([3, 7]);
  });
});

describe("an error with source and line is thrown for", () => {
  test.each([
    ["a comment", "Package: a\n# note\nFilename: x\n", 2],
    ["a comment with a colon", "Package: a\n#Filename: x\n", 2],
    ["a comment at the start", "#x\nPackage: a\n", 1],
    ["a line without colon", "Package: a\n\nPackage: b\nFilename\nSize: 1\n", 4],
    ["a last line without colon and line feed", "Package: a\nFilename", 2],
    ["a byte order mark", "\xef\xbb\xbfPackage: a\n", 1],
    ["a colon without name", ": a\n", 1],
    ["a name that begins with DEL", "\x7fa: b\n", 1],
    ["a line of CR and spaces, which separates nothing in apt", "Package: a\n\r \nPackage: b\n", 2],
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

describe("the limit of a stanza", () => {
  test("allows 1 MB", () => {
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

  test("refuses an endless line while it is read", () => {
    const reader = new StanzaReader("Packages", { stanzaBytesMax: 10_000 });
    const push = () => {
      for (let count = 0; count < 100; count += 1) reader.push(Buffer.alloc(1000, "x"));
    };
    expect(push).toThrow(/^Packages:1: a stanza of more than 10000 bytes/);
  });

  test.each(["Package: abc\n", "Package: abc\nX: y\n z\n\t\n"])("is exact: %j", (stanza) => {
    expect(read(`${stanza}\n${stanza}`, { stanzaBytesMax: stanza.length })).toHaveLength(2);
    expect(() => read(`\n${stanza}`, { stanzaBytesMax: stanza.length - 1 })).toThrow(
      expect.objectContaining({ code: "STANZA_TOO_LARGE" }),
    );
  });

  test("names the first line of the stanza, even if that has not ended", () => {
    const lines = [`Package: ${"x".repeat(20)}`, "\r".repeat(21)];
    for (const text of lines.flatMap((line) => [`\n\n${line}`, `\n\n${line}\n`])) {
      expect(() => read(text, { stanzaBytesMax: 20 })).toThrow(/^Packages:3: a stanza of more than 20 bytes/);
    }
  });

  test("is 2 MiB, also for a line that has not ended", () => {
    const line = `Package: ${"x".repeat(2 * 1024 * 1024 - 9)}`;
    const readers = [new StanzaReader("Packages"), new StanzaReader("Packages")] as const;
    expect(readers[0].push(Buffer.from(line))).toEqual([]);
    expect(() => readers[1].push(Buffer.from(`${line}x`))).toThrow(
      /^Packages:1: a stanza of more than 2097152 bytes/,
    );
  });

  test("is for each stanza", () => {
    const text = `Package: a\nDescription:\n${folded(1_500_000)}\n`.repeat(3);
    expect(packagesOf(text)).toEqual(["a", "a", "a"]);
  });
});

describe("the reader", () => {
  const anyFile = fc.oneof(
    indexFile,
    fc.tuple(indexFile, spoilingLine, indexFile).map(([a, b, c]) => `${a}\n${b}\n${c}`),
  );

  test("reads or refuses a file in the same way, wherever it is cut", () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(anyFile, sizes, (file, chunkSizes) => {
        expect(readOrError(file, chunkSizes)).toEqual(readOrError(file));
      }),
    );
  });

  test("reads every layout in the same way, cut at each byte", () => {
    const file =
      "\n\r\n \nPackage : a\r\nSIZE:\r\n \t1 \r\n\t2\r\n\r\n\r\npackage: lost\n  \nx: \xc3\xa9\nPackage:\tb\0\n\n\nx:c";
    const whole = readOrError(file);
    expect(whole).toMatchObject([
      { package: "a", size: "1\n2" },
      { package: "b\0", x: "\xc3\xa9" },
      { x: "c" },
    ]);
    for (let at = 0; at <= file.length; at += 1) {
      expect({ at, found: readOrError(file, [at, file.length]) }).toEqual({ at, found: whole });
    }
  });

  test("names the line that apt would misread, anywhere in a file", () => {
    fc.assert(
      fc.property(indexFile, fc.nat(), spoilingLine, (file, place, spoiling) => {
        const lines = file.split(/(?<=\n)/).filter((line) => line !== "");
        const above = place % (lines.length + 1);
        const start = lines.slice(0, above).join("");
        const end = start === "" || start.endsWith("\n") ? "" : "\n";
        const text = `${start}${end}${spoiling}\n${lines.slice(above).join("")}`;
        expect(readOrError(text)).toMatch(new RegExp(`^Packages:${above + 1}: (?:a line without|no field)`));
      }),
    );
  });
});

/** Returns values by name, or the message of the error. Pushes chunks of these sizes in turn. */
function readOrError(file: string, chunkSizes: readonly number[] = [file.length]) {
  const reader = new StanzaReader("Packages");
  const found: Stanza[] = [];
  try {
    for (let at = 0, turn = 0; at < file.length; turn += 1) {
      const end = at + Math.max(chunkSizes[turn % chunkSizes.length] ?? 0, turn % 2);
      found.push(...reader.push(Buffer.from(file.slice(at, end), "latin1")));
      at = end;
    }
    found.push(...reader.end());
  } catch (error) {
    if (error instanceof RepositoryError) return error.message;
    throw error;
  }
  return found.map((stanza) => Object.fromEntries(fieldNames.map((name) => [name, stanza.get(name)])));
}
