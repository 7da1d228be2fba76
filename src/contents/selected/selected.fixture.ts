import { type Arbitrary, array, constant, constantFrom, nat, oneof, option, record, tuple } from "fast-check";

/** Spellings of a field that readers of stanzas take for the same, or nearly. */
const spellings: readonly ((name: string, value: string) => string)[] = [
  (name, value) => `${name}: ${value}\n`,
  (name, value) => `${name}: ${value}\n`,
  (name, value) => `${name.toUpperCase()}:${value}\n`,
  (name, value) => `${name.toLowerCase()} \t: ${value} \n`,
  (name, value) => `${name}:\n ${value}\n`,
  (name, value) => `${name}: ${value}\n\t\n more\n`,
  (name, value) => `${name}: other\n${name}: ${value}\n`,
  (name, value) => `${name}: ${value}\n${name}: other\n`,
  (name, value) => `${name}: ${value}\u00a0x\n`,
];

const names = constantFrom("a", "b", "c", "d", "other", "aa");

/** A stanza without a name: no name leads to the others that are like it. */
const nameless = "";

/** The text of a stanza without an empty line behind it. */
const stanza: Arbitrary<string> = record({
  name: oneof({ weight: 12, arbitrary: names }, constant(nameless)),
  source: option(tuple(names, constantFrom("", " (1)", "(2)")), { nil: undefined }),
  version: constantFrom("1", "1.0", "2", "1+b1", "3"),
  architecture: constantFrom("amd64", "amd64", "all"),
  digest: constantFrom("0", "1"),
  note: constantFrom("", "", "Note: package: a\n", `Note: ${"long ".repeat(40)}\n`),
  spell: constantFrom(...spellings),
  isSourceFirst: constantFrom(true, false),
}).map(({ name, source, version, architecture, digest, note, spell, isSourceFirst }) => {
  const sourceLine = source === undefined ? "" : spell("Source", source.join(""));
  const nameLine = name === nameless ? "" : spell("Package", name);
  const first = isSourceFirst ? sourceLine + note + nameLine : nameLine + sourceLine + note;
  return `${first}Version: ${version}\nArchitecture: ${architecture}\nFilename: pool/${name}_${version}\nSHA256: ${digest.repeat(64)}\n`;
});

/** What ends a stanza, for most readers. */
const ends = constantFrom("\n", "\n", "\n", "\n", "\n\n", "\r\n", "\r\r\n\n", " \n\n");

const stanzas = array(
  tuple(stanza, ends).map((parts) => parts.join("")),
  { maxLength: 12 },
);

/** Two versions of an index, the second of which is the first with changes. The last stanza of a text may have no end. */
export const twoVersions: Arbitrary<readonly [string, string]> = tuple(
  constantFrom("", "\n", "\n\n"),
  stanzas,
  array(tuple(nat(12), constantFrom(0, 0, 1, 2), stanzas), { maxLength: 3 }),
  tuple(nat(3), nat(3)),
).map(([start, before, edits, cuts]) => {
  let after = before;
  for (const [at, gone, come] of edits) after = after.toSpliced(at, gone, ...come);
  return [cut(start + before.join(""), cuts[0]), cut(start + after.join(""), cuts[1])];
});

const cut = (text: string, bytes: number): string => text.slice(0, text.length - bytes);
