import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PackagesReader } from "../packages/packages.ts";
import { stanzaOf } from "../packages/stanzas.fixture.ts";
import { PlainPackagesReader } from "./plain-packages.ts";

interface Found {
  readonly path: string;
  readonly sizeBytes: number | undefined;
  readonly sha256: string | undefined;
  readonly endsAt: number;
}

/** Returns undefined for a text that is not plain. */
function readPlainly(pieces: readonly Uint8Array[]): readonly Found[] | undefined {
  const found: Found[] = [];
  const reader = new PlainPackagesReader(({ bytes, pathStart, pathEnd, sha256Start, sizeBytes, endsAt }) => {
    const path = bytes.toString("latin1", pathStart, pathEnd);
    const sha256 = bytes.toString("latin1", sha256Start, sha256Start + 64);
    return found.push({ path, sizeBytes, sha256, endsAt }) > 0;
  });
  return pieces.every((piece) => reader.push(piece)) && reader.end() ? found : undefined;
}

/** Returns what is wrong if it is refused. */
function readByStanzas(bytes: Uint8Array): readonly Found[] | Error {
  try {
    const reader = new PackagesReader("Packages", { allowWeak: false });
    const packages = [...reader.push(bytes), ...reader.end()];
    if (reader.unnamed.length > 0) return new Error("unnamed");
    return packages.map(({ file: { path, sizeBytes, digests }, endsAt }) => ({
      path,
      sizeBytes,
      sha256: digests.sha256,
      endsAt,
    }));
  } catch (error) {
    return error as Error;
  }
}

/** Where the last stanza ends is not the same without an empty line behind it: the end of the text counts as one. */
const within = (length: number, found: readonly Found[]): readonly Found[] =>
  found.map((one) => ({ ...one, endsAt: Math.min(one.endsAt, length) }));

/** Checks that a text that is read plainly has what its stanzas have, and returns whether it is. */
function check(text: string): boolean {
  const bytes = Buffer.from(text, "latin1");
  const found = readPlainly([bytes]);
  if (found === undefined) return false;
  const expected = readByStanzas(bytes);
  if (expected instanceof Error) throw expected;
  expect(within(bytes.length, found)).toEqual(within(bytes.length, expected));
  return true;
}

const fields = {
  Package: "a",
  Version: "1.0-1",
  Architecture: "amd64",
  Filename: "pool/a/a_1.0-1_amd64.deb",
  Size: "17",
  SHA256: "0123456789abcdef".repeat(4),
};
const textOf = (changed: Readonly<Record<string, string>>): string =>
  Object.entries({ ...fields, ...changed })
    .map(([name, value]) => `${name}:${value === "" ? "" : " "}${value}\n`)
    .join("");
const plain = textOf({});

describe("reads plainly", () => {
  test.each([
    ["one stanza", plain],
    ["several", `${plain}\n${plain}\n${plain}`],
    ["a text that ends with an empty line", `${plain}\n`],
    ["a text without a last line feed", plain.trimEnd()],
    ["more empty lines", `\n\n${plain}\n\n\n${plain}\n\n`],
    ["no stanza at all", ""],
    ["only empty lines", "\n\n\n"],
    ["all digests", textOf({ MD5sum: "a".repeat(32), SHA1: "b".repeat(40), SHA512: "c".repeat(128) })],
    ["an empty digest beside SHA-256", textOf({ MD5sum: "" })],
    ["names in any case", plain.toLowerCase().replace(/^a/, "A")],
    ["white space around values", plain.replaceAll(": ", ":\t ").replaceAll("\n", " \r\n")],
    ["a field that continues and is not needed", textOf({ Description: "x\n y\n .\n\tz" })],
    ["a field with a name like one that is needed", textOf({ Sizf: "x", SHA257: "x", Filenames: "x" })],
    ["the last of two fields", `Size: x\nFilename: /\n${plain}`],
    ["sizes of nothing and of much", `${textOf({ Size: "0" })}\n${textOf({ Size: "999999999999999" })}`],
    ["long paths", textOf({ Filename: `${"a".repeat(255)}/${"b".repeat(255)}` })],
  ])("%s", (_, text) => {
    expect(check(text)).toBe(true);
  });
});

describe("leaves to the reader of stanzas", () => {
  test.each([
    ["no package", textOf({ Package: "" })],
    ["no version", textOf({ Version: "" })],
    ["no architecture", plain.replace(/^Arch.*\n/m, "")],
    ["no path", plain.replace(/^Filename.*\n/m, "")],
    ["no size", textOf({ Size: "" })],
    ["no SHA-256", plain.replace(/^SHA256.*\n/m, `SHA512: ${"a".repeat(128)}\n`)],
    ["digits in upper case", textOf({ SHA256: "A".repeat(64) })],
    ["a digest that is too short", textOf({ SHA256: "a".repeat(63) })],
    ["a digest that is none", textOf({ SHA256: "g".repeat(64) })],
    ["a bad weak digest", textOf({ MD5sum: "a".repeat(31) })],
    ["a bad SHA-1", textOf({ SHA1: "z".repeat(40) })],
    ["a bad SHA-512", textOf({ SHA512: "a".repeat(127) })],
    ["a size with a sign", textOf({ Size: "+1" })],
    ["a size with a zero before it", textOf({ Size: "01" })],
    ["a size that no number can have", textOf({ Size: "9".repeat(16) })],
    ["a field that is needed and continues", textOf({ Filename: "\n pool/a.deb" })],
    ["a value that goes on in the next line", textOf({ Filename: "pool/a.deb\n b" })],
    ["an empty last of two", `${plain}Filename:\n`],
    ["a name with a space behind it", `${plain}Size : 3\n`],
    ["a line of spaces between stanzas", `${plain}\n \n${plain}`],
    ["an empty line of CRLF", `${plain}\r\n${plain}`],
    ["a line without colon", `${plain}x\n`],
    ["a comment", `${plain}#x: y\n`],
    ["a line that begins with a hyphen", `${plain}-x: y\n`],
    ["a line that begins with a colon", `${plain}: y\n`],
    ["a byte order mark", `\xef\xbb\xbf${plain}`],
    ["a stanza of 2 MB", `${plain}Description:\n${` ${"x".repeat(98)}\n`.repeat(20_000)}`],
    ["a stanza of 2 MB that has ended", `${plain}Description:\n${` ${"x".repeat(98)}\n`.repeat(20_000)}\n`],
  ])("%s", (_, text) => {
    for (const around of [text, `${plain}\n${text}\n\n${plain}`]) expect(check(around)).toBe(false);
  });

  test.each([
    "/pool/a.deb",
    "pool//a.deb",
    "pool/a.deb/",
    "./pool/a.deb",
    "pool/../a.deb",
    "pool/.htaccess",
    "pool/a b.deb",
    "pool\\a.deb",
    "pool/\xc3\xa9.deb",
    "pool/\xe9.deb",
    "pool/a\0.deb",
    "http://host/a.deb",
    "a".repeat(256),
    `${"a/".repeat(1_024)}b`,
  ])("the path %j", (path) => {
    expect(check(textOf({ Filename: path }))).toBe(false);
  });
});

test("reads no more once a package is refused", () => {
  let count = 0;
  const reader = new PlainPackagesReader(() => ++count < 2);
  expect(reader.push(Buffer.from(`${plain}\n${plain}\n${plain}\n`))).toBe(false);
  expect(count).toBe(2);
});

test("reads the same wherever chunks are cut", () => {
  const bytes = Buffer.from(`\n${plain}\n\n${textOf({ Filename: "b", Description: "x\n y" })}\n${plain}`);
  const whole = readPlainly([bytes]);
  expect(whole).toHaveLength(3);
  for (let cut = 0; cut <= bytes.length; cut++)
    expect(readPlainly([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(whole);
  expect(readPlainly([...bytes].map((byte) => Buffer.of(byte)))).toEqual(whole);
});

test("finds what stanzas of any layout have, or leaves them", () => {
  const digests = fc.constantFrom(fields.SHA256, fields.SHA256.toUpperCase(), "", "abc");
  const paths = fc.constantFrom("pool/a.deb", "b", "/c", "d/../e", "f/.g", "h i", "j~1+2:3%40_4=5,6@7.deb");
  const changed = fc.record({ Filename: paths, Size: fc.constantFrom("0", "1", "01", "x"), SHA256: digests });
  const stanza = changed.chain((one) => stanzaOf({ ...fields, ...one }));
  const usual = fc.constantFrom(`${plain}\n`, `${textOf({ Description: "x\n y" })}\n\n`);
  const texts = fc.array(fc.oneof({ weight: 3, arbitrary: usual }, stanza), { maxLength: 5 });
  let plainTexts = 0;
  fc.assert(
    fc.property(texts, (stanzas) => {
      if (check(stanzas.join(""))) plainTexts++;
    }),
    { numRuns: 2_000 },
  );
  expect(plainTexts).toBeGreaterThan(100);
});
