/** Compares what is read of a Release with broken lines with what apt reads. */
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { RepositoryError } from "../errors.ts";
import { StanzaReader } from "../packages/stanzas.ts";
import { type AptLibrary, type Fields, startAptLibrary } from "../test-support.ts";
import { readOverBrokenLines } from "./release-lines.ts";

let apt: AptLibrary;
beforeAll(() => {
  apt = startAptLibrary();
});
afterAll(() => apt[Symbol.asyncDispose]());

const names = ["suite", "label", "sha256"];
const digest = "1".repeat(64);
const lines = [
  "Suite: stable",
  "Label: us",
  "label:",
  "SHA256:",
  ` ${digest} 1 main/Packages`,
  `${digest} 2 main/Packages.gz`,
  "arm64",
  "",
  " ",
  "\t",
  " more",
  " more: colon",
  "\r",
  "\rSuite: other",
  "\r more",
  "\vmore",
  "\fmore: colon",
  "# comment",
  "# comment: colon",
  "-dash: x",
  ": nothing",
  "label",
  ":",
  " :",
  "two words: x",
  "caf\xe9: x",
  "\xef\xbb\xbfSuite: x",
  "\0",
];

test("reads a Release of any lines as apt does, or refuses it", async () => {
  const ends = fc.constantFrom("\n", "\n", "\n", "\r\n");
  const line = fc.tuple(fc.constantFrom(...lines), ends).map((parts) => parts.join(""));
  const text = fc.array(line, { maxLength: 8 }).map((all) => `Suite: first\n${all.join("")}Label: last\n`);
  let accepted = 0;
  const property = fc.asyncProperty(text, async (release) => {
    const found = readOrRefuse(release);
    fc.pre(found !== undefined);
    accepted += 1;
    expect(found).toEqual(await readWithApt(release));
  });
  await fc.assert(property, { numRuns: 1000 });
  expect(accepted).toBeGreaterThan(500);
});

function readOrRefuse(release: string): Fields | undefined {
  try {
    const { text } = readOverBrokenLines(release, { source: "Release", linesBefore: 0 });
    const reader = new StanzaReader("Release");
    const [stanza] = [...reader.push(Buffer.from(text, "latin1")), ...reader.end()];
    const fields = names.map((name) => [name, stanza?.get(name.toLowerCase() as "suite")] as const);
    return Object.fromEntries(fields.filter((field): field is [string, string] => field[1] !== undefined));
  } catch (error) {
    if (error instanceof RepositoryError && error.code === "STANZA_MALFORMED") return undefined;
    throw error;
  }
}

async function readWithApt(release: string): Promise<Fields> {
  const [first = {}] = await apt.readStanzas(release, names);
  return Object.fromEntries(Object.entries(first).map(([name, value]) => [name, trimLines(value)]));
}

const trimLines = (value: string): string =>
  value
    .split("\n")
    .map((line) => line.replace(/^[\t-\r ]+|[\t-\r ]+$/g, ""))
    .filter((line) => line !== "")
    .join("\n");
