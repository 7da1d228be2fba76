import { deepEqual, ok } from "node:assert/strict";
import {
  formatLines,
  formatStanza,
  parseSources,
  type SourceEntry,
  type SourceProblem,
} from "../../../src/apt-sources/index.ts";
import type { FuzzTarget } from "../engine/target.ts";
import { accepted } from "./properties.ts";
import { whiteSpace } from "./words.ts";

export const aptSources: FuzzTarget = {
  name: "apt-sources",
  dictionary: [
    "deb deb-src [ ] [arch=amd64,arm64] [arch+=i386 signed-by=/k.gpg] trusted=yes by-hash=force lang=none".split(
      " ",
    ),
    'http://h.example/debian $(ARCH) ${x} `x` trixie ./ main # " % %20 %5d = += -= , cdrom:[a b]/'.split(" "),
    [
      "Types: deb\n",
      "URIs: http://h/\n",
      "Suites: a b/\n",
      "Components: main\n",
      "Architectures-Add: i386\n",
    ],
    [
      "Signed-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n x\n",
      "Enabled: no\n",
      "Trusted: yes\n",
      "0".repeat(40),
    ],
    whiteSpace,
  ].flat(),
  check(input) {
    const text = Buffer.from(input).toString("utf8");
    const found = parseSources(text);
    for (const problem of found.problems) checkProblem(problem, text);
    for (const entry of found.entries) checkEntry(entry, text);
    const fitting = found.entries.filter(fitsStanza);
    const again = parseSources(fitting.map(formatStanza).join("\n"), "stanzas");
    deepEqual(again.problems, [], "problems of what was printed");
    deepEqual(again.entries.map(withoutLine), fitting.map(withoutLine), "printed and read again");
    for (const entry of found.entries.filter(fitsLines)) checkLines(entry);
    return accepted(
      found.entries.length,
      found.problems[0]?.problem.replaceAll(/"(?:[^"\\]|\\.)*"/g, '"') ?? "",
    );
  },
};

function checkProblem({ line, problem }: SourceProblem, text: string): void {
  ok(problem.length < 2_000 && !/\p{Cc}/u.test(problem), `the message ${JSON.stringify(problem)}`);
  ok(line >= 1 && line <= text.split("\n").length, `line ${line}`);
}

function checkEntry({ line, types, uris, suites, components }: SourceEntry, text: string): void {
  ok(line >= 1 && line <= text.split("\n").length, `line ${line}`);
  ok(Math.min(types.length, uris.length, suites.length) > 0, "an entry without types, URIs or suites");
  ok(suites.every((suite) => suite.endsWith("/") === (components.length === 0)));
}

/** A stanza has no way to write a word with a blank in it, as lines have; nor "$", which they may have as "%24". */
const fitsStanza = ({ uris, suites, components, signedBy, options }: SourceEntry): boolean =>
  [...uris, ...suites, ...components, ...(signedBy?.paths ?? [])].every((word) => !/[\s$`]/.test(word)) &&
  options.every(
    ({ name, values }) =>
      !/-(?:add|remove)$/i.test(name) && values.every((value) => !/^\s|[\n\r$`]|\s$/.test(value)),
  );

/** Lines hold no key, and nothing is switched off in them. */
const fitsLines = ({ signedBy, enabled, uris, options, ...entry }: SourceEntry): boolean =>
  enabled &&
  signedBy?.key === undefined &&
  [...uris, ...entry.suites, ...entry.components, ...(signedBy?.paths ?? [])].every((word) =>
    plain.test(word),
  ) &&
  options.every(({ name, values }) => optionName.test(name) && values.every((value) => plain.test(value)));

const plain = /^[\w.:/~-]+$/;
const optionName = /^[A-Za-z](?:[\w-]*\w)?$/;

/** Each line is the entry for one type, URI and suite. */
function checkLines(entry: SourceEntry): void {
  const { entries, problems } = parseSources(formatLines(entry), "lines");
  deepEqual(problems, [], "problems of printed lines");
  const expected = entry.uris.flatMap((uri) =>
    entry.suites.flatMap((suite) =>
      entry.types.map((type) => ({ types: [type], uris: [uri], suites: [suite] })),
    ),
  );
  deepEqual(
    entries.map(withoutLine),
    expected.map((one) => withoutLine({ ...entry, ...one })),
    "printed as lines",
  );
}

const withoutLine = (entry: SourceEntry): SourceEntry => ({ ...entry, line: 0 });
