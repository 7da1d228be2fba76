import { equal, ok } from "node:assert/strict";
import { byHashPaths, type Selection, selectMirrorIndices } from "../../../src/plan/index.ts";
import {
  digestAlgorithms,
  parseRelease,
  type Release,
  releaseDigestNames,
  sameRelease,
} from "../../../src/repository/index.ts";
import type { FuzzTarget } from "../engine/target.ts";
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
};

function checkRelease({ files, date, validUntil, architectures, components, warnings }: Release): void {
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
  for (const warning of warnings) {
    ok(warning.length < 2_000, "a long warning");
    ok(!/\p{Cc}/u.test(warning), `a control character in ${JSON.stringify(warning)}`);
  }
}

/** What was read, printed plainly, is the same Release. */
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
  { suite: "stable", sections: ["main"], architectures: ["amd64"], source: true, kinds },
  { suite: "./", sections: [], architectures: [], source: false, kinds },
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
