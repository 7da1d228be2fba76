import { equal, ok } from "node:assert/strict";
import { byHashPaths, type Selection, selectMirrorIndices } from "../../../src/plan/index.ts";
import { releaseRemarkText } from "../../../src/report/words/release/release-remarks.ts";
import {
  digestAlgorithms,
  parseRelease,
  type Release,
  releaseDigestNames,
  Suite,
  sameRelease,
} from "../../../src/repository/index.ts";
import { StanzaReader } from "../../../src/repository/packages/stanzas.ts";
import { readOverBrokenLines } from "../../../src/repository/release/release-lines.ts";
import type { FuzzTarget } from "../engine/target.ts";
import { openAptOracle } from "../oracles/apt.ts";
import { accepted, attempt, checkDigestForms, checkPath, checkSize, refused } from "./properties.ts";
import { digestWords, pathWords, releaseWords, whiteSpace } from "./words.ts";

export const release: FuzzTarget = {
  name: "release",
  dictionary: [...releaseWords, ...digestWords, ...pathWords, ...whiteSpace],
  check(input) {
    const parsed = attempt(() => parseRelease(Buffer.from(input).toString("latin1"), "Release"));
    if (parsed.kind === "refused") return refused(parsed.error);
    const { value } = parsed;
    checkRelease(value);
    ok(sameRelease(value, value), "it differs from itself");
    checkPrinted(value);
    const chosen = selections.map((selection) => selectFrom(value, selection));
    return accepted(value.files.size, ...chosen);
  },
  oracle: {
    askOneIn: 20,
    open: () =>
      openAptOracle({
        ours: (input) => readFields(Buffer.from(input).toString("latin1")),
        apts: async (apt, input) => {
          const stanzas = await apt.readStanzas(Buffer.from(input).toString("latin1"), fieldNames);
          const [first = {}] = stanzas.filter((fields) => Object.keys(fields).length > 0);
          return Object.fromEntries(Object.entries(first).map(([name, value]) => [name, wordsOf(value)]));
        },
      }),
  },
};

const fieldNames = [
  "suite",
  "date",
  "valid-until",
  "architectures",
  "components",
  "sha512",
  "sha256",
  "md5sum",
] as const;

/** Returns the words of each field, without broken lines. */
function readFields(text: string): Readonly<Record<string, readonly string[]>> {
  const reader = new StanzaReader("Release", { stanzaBytesMax: Number.POSITIVE_INFINITY });
  const readable = Buffer.from(
    readOverBrokenLines(text, { source: "Release", linesBefore: 0 }).text,
    "latin1",
  );
  const stanzas = [...reader.push(readable), ...reader.end()].map((stanza) =>
    Object.fromEntries(
      fieldNames.flatMap((name) => {
        const value = stanza.get(name);
        return value === undefined ? [] : [[name, wordsOf(value)] as const];
      }),
    ),
  );
  return stanzas.find((fields) => Object.keys(fields).length > 0) ?? {};
}

const wordsOf = (value: string): string[] => value.split(/[\t-\r ]+/).filter((word) => word !== "");

function checkRelease({
  files,
  malformed,
  date,
  validUntil,
  architectures,
  components,
  remarks,
}: Release): void {
  for (const [name, entry] of files) {
    equal(entry.name, name);
    checkPath(name);
    checkSize(entry.sizeBytes);
    checkDigestForms(entry.digests);
    const paths = byHashPaths(entry);
    ok(paths.length > 0, "a file without digest");
    for (const path of paths) checkPath(path);
  }
  for (const time of [date, validUntil]) ok(time === undefined || !Number.isNaN(time.getTime()));
  for (const word of [...architectures, ...components])
    ok(/^[^\t-\r ]+$/.test(word), "a word with white space");
  for (const name of malformed.keys()) {
    checkPath(name);
    ok(!files.has(name), "a malformed entry that is listed");
  }
  for (const remark of remarks) {
    const text = releaseRemarkText("Release", remark);
    ok(text.length < 2_000, "a long remark");
    ok(!/\p{Cc}/u.test(text), `a control character in ${JSON.stringify(text)}`);
  }
}

/** Checks that a printed Release is read as the same Release. */
function checkPrinted(parsed: Release): void {
  const fields = digestAlgorithms.map((algorithm) => {
    const lines = [...parsed.files.values()].flatMap(({ name, sizeBytes, digests }) =>
      digests[algorithm] === undefined ? [] : [` ${digests[algorithm]} ${sizeBytes} ${name}\n`],
    );
    return `${releaseDigestNames[algorithm]}:\n${lines.join("")}`;
  });
  const date = parsed.date === undefined ? "" : `Date: ${parsed.date.toUTCString()}\n`;
  const again = parseRelease(Buffer.from(fields.join("") + date).toString("latin1"), "Release");
  ok(sameRelease(parsed, again), "printed and read again");
}

const kinds = { contents: true, translations: true, dep11: true, cnf: true, installer: true };
const selections: readonly Selection[] = [
  { suite: new Suite("stable"), sections: ["main"], architectures: ["amd64"], source: true, kinds },
  { suite: new Suite("./"), sections: [], architectures: [], source: false, kinds },
];

function selectFrom(value: Release, selection: Selection): string | number {
  const { suite } = selection;
  const selected = attempt(() => selectMirrorIndices([{ suite, release: value }], selection));
  if (selected.kind === "refused") return selected.error.code;
  const indices = selected.value.flatMap((selectedSuite) => selectedSuite.indices);
  for (const index of indices) {
    const entries = [index.plain, ...index.compressed.map((form) => form.entry)];
    for (const entry of entries) ok(entry === undefined || value.files.get(entry.name) === entry);
  }
  return indices.length;
}
