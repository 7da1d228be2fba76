import { equal } from "node:assert/strict";
import {
  type FieldName,
  type StanzaOptions,
  StanzaReader,
} from "../../../src/repository/packages/stanzas.ts";
import type { FuzzTarget, Outcome } from "../engine/target.ts";
import { openAptOracle } from "../oracles/apt.ts";
import { accepted, attempt, inPieces, refused, sameAttempt } from "./properties.ts";
import { fieldWords } from "./words.ts";

/** Small, so that inputs of a few kilobytes reach it. */
const stanzaBytesMax = 2_048;

export const stanzas: FuzzTarget = {
  name: "stanzas",
  dictionary: fieldWords,
  check(input) {
    const names = namesIn(input);
    const whole = attempt(() => readFields([input], names, { stanzaBytesMax }));
    sameAttempt(
      attempt(() => readFields(inPieces(input), names, { stanzaBytesMax })),
      whole,
      "read in pieces",
    );
    if (whole.kind === "refused") return refused(whole.error);
    checkSelective(input, names, whole.value);
    checkPrinted(names, whole.value);
    return describe(whole.value);
  },
  oracle: {
    askOneIn: 50,
    open: () =>
      openAptOracle({
        ours: (input) =>
          readFields([input], usualNamesIn(input), {})
            .map(({ values }) => values)
            .filter(isNotEmpty),
        apts: async (apt, input) => {
          const all = await apt.readStanzas(Buffer.from(input).toString("latin1"), usualNamesIn(input));
          return all.map(withPlainValues).filter(isNotEmpty);
        },
      }),
  },
};

interface ReadStanza {
  readonly line: number;
  readonly values: Readonly<Record<string, string>>;
}

function readFields(
  pieces: readonly Uint8Array[],
  names: readonly FieldName[],
  options: StanzaOptions,
): ReadStanza[] {
  const reader = new StanzaReader("Packages", options);
  return [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()].map((stanza) => {
    const found = names.flatMap((name) => {
      const value = stanza.get(name);
      return value === undefined ? [] : [[name, value] as const];
    });
    return { line: stanza.line, values: Object.fromEntries(found) };
  });
}

/** Returns possible names of fields, but not too many: the beginnings of lines up to a colon, in lower case. */
function namesIn(input: Uint8Array): FieldName[] {
  const lines = Buffer.from(input).toString("latin1").split("\n");
  const names = lines.flatMap((line) => {
    const colon = line.indexOf(":");
    return colon < 1 ? [] : [line.slice(0, colon).replace(/[\t\v\f\r ]{1,99}$/, "")];
  });
  // As text, because objects list numeric keys in another order than the file.
  return [...new Set(names.map((name) => name.toLowerCase() as FieldName))].slice(0, 50);
}

/** Inputs that can be passed to Python. */
const usualNamesIn = (input: Uint8Array): FieldName[] =>
  namesIn(input).filter((name) => /^[!-~]+$/.test(name));

/** apt returns values unchanged. */
const withPlainValues = (values: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, plain(value)]));

const plain = (value: string): string =>
  value
    .split("\n")
    .map((line) => line.replace(/^[\t-\r ]+/, "").replace(/(?<![\t-\r ])[\t-\r ]+$/, ""))
    .filter((line) => line !== "")
    .join("\n");

const isNotEmpty = (values: Readonly<Record<string, string>>): boolean => Object.keys(values).length > 0;

/** Checks that requested fields are the same if others are skipped. */
function checkSelective(input: Uint8Array, names: readonly FieldName[], all: readonly ReadStanza[]): void {
  const wanted = names.filter((_, index) => index % 2 === 0);
  const found = readFields([input], names, { wanted, stanzaBytesMax });
  const expected = all.map(({ line, values }) => ({
    line,
    values: Object.fromEntries(Object.entries(values).filter(([name]) => wanted.includes(name as FieldName))),
  }));
  equal(JSON.stringify(found), JSON.stringify(expected), "with some of the fields wanted");
}

/** Checks that printed stanzas are read again unchanged. */
function checkPrinted(names: readonly FieldName[], all: readonly ReadStanza[]): void {
  const stanzasOfNames = all.map(({ values }) => values).filter(isNotEmpty);
  const printed = stanzasOfNames.map((values) =>
    Object.entries(values)
      .map(([name, value]) => `${name}: ${value.replaceAll("\n", "\n ")}\n`)
      .join(""),
  );
  const bytes = Buffer.from(printed.join("\n"), "latin1");
  const again = readFields([bytes], names, { stanzaBytesMax: Number.POSITIVE_INFINITY });
  equal(
    JSON.stringify(again.map(({ values }) => values)),
    JSON.stringify(stanzasOfNames),
    "printed and read again",
  );
}

function describe(all: readonly ReadStanza[]): Outcome {
  const values = all.flatMap((stanza) => Object.values(stanza.values));
  return accepted(
    all.length,
    values.length,
    values.some((value) => value.includes("\n")),
  );
}
