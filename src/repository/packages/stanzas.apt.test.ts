/** Compares what is read of a file with what apt reads, byte for byte. */
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { RepositoryError } from "../errors.ts";
import { type AptLibrary, type Fields, startAptLibrary } from "../test-support.ts";
import { fieldNames, indexFile, wideField } from "./stanzas.fixture.ts";
import { type FieldName, StanzaReader } from "./stanzas.ts";

let apt: AptLibrary;
beforeAll(() => {
  apt = startAptLibrary();
});
afterAll(() => apt[Symbol.asyncDispose]());

test("reads every layout of fields, folds and empty lines as apt does", async () => {
  const withWideField = fc.tuple(wideField, indexFile).map(([wide, file]) => wide + file);
  const anyFile = fc.oneof({ weight: 50, arbitrary: indexFile }, withWideField);
  const property = fc.asyncProperty(anyFile, async (file) => {
    const stanzas = await readWithApt(file, fieldNames);
    expect(read(file, fieldNames)).toEqual(stanzas);
    expect(read(file, fieldNames, fieldNames)).toEqual(stanzas);
  });
  await fc.assert(property, { numRuns: 500 });
});

test("reads any text as apt does, or refuses it", async () => {
  const unit = fc.constantFrom(..."xX8::\n\r\v\t #-".split(""), "\nx:", "\n\n", "\n ", "\n\r");
  const property = fc.asyncProperty(fc.string({ unit, maxLength: 20 }), async (text) => {
    const file = `x:${text}`;
    const names = [...file.matchAll(/^([^:\n]+):/gm)].map(([, name = ""]) => name.trim().toLowerCase());
    const stanzas = readOrRefuse(file, names as FieldName[]);
    fc.pre(stanzas !== undefined);
    expect(stanzas).toEqual(await readWithApt(file, names));
  });
  await fc.assert(property, { numRuns: 1000 });
});

function read(file: string, names: readonly FieldName[], wanted?: readonly FieldName[]): Fields[] {
  const reader = new StanzaReader("Packages", wanted && { wanted });
  return [...reader.push(Buffer.from(file, "latin1")), ...reader.end()].map((stanza) => {
    const fields = names.map((name) => [name, stanza.get(name)] as const);
    return Object.fromEntries(fields.filter((field): field is [FieldName, string] => field[1] !== undefined));
  });
}

function readOrRefuse(file: string, names: readonly FieldName[]): Fields[] | undefined {
  try {
    return read(file, names);
  } catch (error) {
    if (error instanceof RepositoryError && error.code === "STANZA_MALFORMED") return undefined;
    throw error;
  }
}

/** apt returns the lines of a value unchanged, and empty stanzas for some empty lines. */
async function readWithApt(file: string, names: readonly string[]): Promise<Fields[]> {
  const stanzas = await apt.readStanzas(file, names);
  return stanzas
    .filter((fields) => Object.keys(fields).length > 0)
    .map((fields) =>
      Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, trimLines(value)])),
    );
}

const trimLines = (value: string): string =>
  value
    .split("\n")
    .map((line) => line.replace(/^[\t-\r ]+|[\t-\r ]+$/g, ""))
    .filter((line) => line !== "")
    .join("\n");
