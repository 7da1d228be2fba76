import { quote } from "../repository/index.ts";
import { isList, optionName } from "./option-names.ts";
import { isInlineKey, parseInlineKey, parseKeyNames } from "./signed-by.ts";
import type { SignedBy, SourceEntry, SourceOption, SourceType } from "./source-entry.ts";

/** An option as it is written, in either form. */
export interface WrittenOption {
  readonly name: string;
  readonly change: SourceOption["change"];
  /** The lines of its value. */
  readonly lines: readonly string[];
}

/** The parts of an entry, in either form. */
export interface EntryParts extends Pick<SourceEntry, "line" | "enabled" | "uris" | "suites" | "components"> {
  readonly types: readonly string[];
  readonly options: readonly WrittenOption[];
}

/** An entry that apt would refuse; the message says why. */
export class EntryError extends Error {}

/** Checks the parts of an entry as apt does. Throws EntryError. */
export function buildEntry({ types, options, ...parts }: EntryParts): SourceEntry {
  const { uris, suites, components } = parts;
  for (const uri of uris)
    if (!uri.includes(":")) throw new EntryError(`${quote(uri)} is not a URI: it has no scheme`);
  for (const suite of suites) {
    if (suite.endsWith("/") && components.length > 0)
      throw new EntryError(
        `the suite ${quote(suite)} is a path, because it ends in "/", and has no components`,
      );
    if (!suite.endsWith("/") && components.length === 0)
      throw new EntryError(`the suite ${quote(suite)} has no component, such as main`);
  }
  return { ...parts, types: types.map(typeOf), ...readOptions(options) };
}

function typeOf(word: string): SourceType {
  if (word === "deb" || word === "deb-src") return word;
  throw new EntryError(`${quote(word)} is not a type: expected deb or deb-src`);
}

/** Of two options with the same name, the last counts. */
function readOptions(written: readonly WrittenOption[]): Pick<SourceEntry, "options" | "signedBy"> {
  const options = new Map<string, SourceOption>();
  let signedBy: SignedBy | undefined;
  for (const { name: word, change, lines } of written) {
    const name = optionName(word);
    const values = wordsOf(lines);
    if (values.length === 0) continue;
    if (name === "Signed-By") signedBy = readSignedBy(lines);
    else
      options.set(`${name}\n${change}`, { name, change, values: isList(name) ? values : [lines.join(" ")] });
  }
  return { signedBy, options: [...options.values()] };
}

function readSignedBy(lines: readonly string[]): SignedBy {
  if (isInlineKey(lines)) {
    const inline = parseInlineKey(lines);
    if (inline === undefined) throw new EntryError("Signed-By: the key has no END line");
    return inline;
  }
  const names = parseKeyNames(wordsOf(lines));
  if (!("unknown" in names)) return names;
  throw new EntryError(
    `Signed-By: ${quote(names.unknown)} is neither an absolute path nor a fingerprint of 40 digits`,
  );
}

/** apt reads a list in a stanza at commas too. */
const wordsOf = (lines: readonly string[]): string[] =>
  lines.flatMap((line) => line.split(/[\s,]+/)).filter((word) => word !== "");
