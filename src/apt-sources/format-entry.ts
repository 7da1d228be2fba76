import { isList, optionWord } from "./option-names.ts";
import type { SignedBy, SourceEntry, SourceOption } from "./source-entry.ts";

/** Returns an entry as a stanza of a .sources file, without an empty line at its end. */
export function formatStanza(entry: SourceEntry): string {
  const { enabled, types, uris, suites, components, options, signedBy } = entry;
  return [
    ...(enabled ? [] : ["Enabled: no"]),
    `Types: ${types.join(" ")}`,
    `URIs: ${uris.join(" ")}`,
    `Suites: ${suites.join(" ")}`,
    ...(components.length === 0 ? [] : [`Components: ${components.join(" ")}`]),
    ...options.map((option) => `${option.name}${suffixes[option.change]}: ${option.values.join(" ")}`),
    ...(signedBy === undefined ? [] : signedByLines(signedBy)),
  ]
    .map((line) => `${line}\n`)
    .join("");
}

const suffixes = { set: "", add: "-Add", remove: "-Remove" } as const;

function signedByLines({ key, paths, fingerprints }: SignedBy): readonly string[] {
  if (key === undefined) return [`Signed-By: ${[...paths, ...fingerprints].join(" ")}`];
  const lines = key.trimEnd().split("\n");
  return ["Signed-By:", ...lines.map((line) => (line === "" ? " ." : ` ${line}`))];
}

/** Returns an entry as lines of sources.list, one for each type, URI and suite. Its key must have a file. */
export function formatLines(entry: SourceEntry): string {
  const { types, uris, suites, components } = entry;
  const options = optionsOf(entry);
  const bracket = options.length === 0 ? "" : `[${options.join(" ")}] `;
  return uris
    .flatMap((uri) => suites.flatMap((suite) => types.map((type) => ({ type, uri, suite }))))
    .map(
      ({ type, uri, suite }) =>
        `${type} ${bracket}${[uri, ...[suite, ...components].map(encode)].join(" ")}\n`,
    )
    .join("");
}

function optionsOf({ options, signedBy }: SourceEntry): readonly string[] {
  if (signedBy?.key !== undefined) throw new RangeError("a key in a line of sources.list");
  const keys =
    signedBy === undefined ? [] : [`signed-by=${[...signedBy.paths, ...signedBy.fingerprints].join(",")}`];
  return [...options.map(optionText), ...keys];
}

const signs = { set: "", add: "+", remove: "-" } as const;

const optionText = ({ name, change, values }: SourceOption): string =>
  `${optionWord(name)}${signs[change]}=${values.join(isList(name) ? "," : " ")}`;

/** The characters that apt takes for the end of a word, or for something else. */
const encode = (word: string): string =>
  word.replaceAll(/[\s%"#[\]]/g, (character) => `%${character.charCodeAt(0).toString(16).padStart(2, "0")}`);
