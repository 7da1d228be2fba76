/** Files of stanzas in every layout that apt reads, and lines that spoil them. */
import * as fc from "fast-check";
import type { FieldName } from "./stanzas.ts";

/** The fields of `indexFile`: of names that apt knows, and others; some alike in length and first letter. */
export const fieldNames: readonly FieldName[] = ["package", "size", "sizf", "sha256", "x-a", "x", "8"];

const joined = (...parts: readonly fc.Arbitrary<string>[]) =>
  fc.tuple(...parts).map((texts) => texts.join(""));
const some = (part: fc.Arbitrary<string>, minLength: number, maxLength: number) =>
  fc.array(part, { minLength, maxLength }).map((texts) => texts.join(""));

const newline = fc.constantFrom("\n", "\n", "\r\n", "\r\r\n");
const space = fc.constantFrom("", "", " ", "\t", " \t ", "\v\f", "\r");
const text = fc.string({
  unit: fc.constantFrom(..."aB7:#-/ \t\v\r\0\xe9\xa0\x85".split("")),
  maxLength: 8,
});
const fold = joined(fc.constantFrom(" ", "\t", "  "), text, newline);
const lineOfSpaces = joined(fc.constantFrom(" ", "\t", " \t"), newline);
const emptyLines = some(newline, 1, 4);
const nameAndColon = (name: string) => {
  const spelled = [name, name.toUpperCase(), name.replace(/^./, (first) => first.toUpperCase())];
  return joined(fc.constantFrom(...spelled), space, fc.constant(":"), space);
};
const field = joined(
  fc.constantFrom(...fieldNames).chain(nameAndColon),
  text,
  newline,
  some(fc.oneof(fold, lineOfSpaces), 0, 3),
);
const otherField = joined(
  nameAndColon("description"),
  text,
  newline,
  some(fc.oneof(fold, lineOfSpaces), 0, 3),
);
const gap = joined(emptyLines, some(fc.oneof(lineOfSpaces, emptyLines), 0, 2));

/** Stanzas of `fieldNames` with all that apt skips before, between and after them. */
export const indexFile: fc.Arbitrary<string> = fc
  .tuple(
    fc.oneof(fc.constant(""), emptyLines, lineOfSpaces),
    some(joined(some(field, 1, 5), gap), 0, 6),
    fc.boolean(),
  )
  .map(([before, stanzas, isCut]) => (isCut ? (before + stanzas).replace(/[\r\n]+$/, "") : before + stanzas));

/** These fields in any order and layout, with others between them and earlier ones that do not count. */
export function stanzaOf(fields: Readonly<Record<string, string>>): fc.Arbitrary<string> {
  const written = Object.entries(fields).map(([name, value]) => {
    // apt keeps the tab before a value on the next line.
    const start = fc.oneof(fc.constant(""), joined(newline, fc.constant(" ")));
    const own = joined(
      nameAndColon(name),
      start,
      fc.constant(value),
      space,
      newline,
      some(lineOfSpaces, 0, 1),
    );
    return joined(some(fc.oneof(otherField, joined(nameAndColon(name), text, newline)), 0, 1), own);
  });
  const order = fc.shuffledSubarray(written, { minLength: written.length });
  return joined(
    some(lineOfSpaces, 0, 1),
    order.chain((parts) => joined(...parts)),
    emptyLines,
  );
}

/** A field that is wider than the buffer into which apt reads at first. */
export const wideField: fc.Arbitrary<string> = joined(
  fc.constant("X: "),
  fc.integer({ min: 30_000, max: 70_000 }).map((length) => "y".repeat(length)),
  newline,
);

/** A line that is refused anywhere: apt would misread it, or its field has an illegal name, deb822(5). */
export const spoilingLine: fc.Arbitrary<string> = fc.constantFrom(
  "# a comment",
  "#x: y",
  "no colon",
  ": no name",
  "-x: y",
  "\xef\xbb\xbfx: y",
  "\rx: y",
  "\r x",
  "\vx: y",
  "\0x: y",
  "\x1fx: y",
  "\x7fx: y",
  "\xe9: y",
);
