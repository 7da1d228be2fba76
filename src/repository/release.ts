import { sameDigests } from "./digests.ts";
import { RepositoryError } from "./errors.ts";
import { parseReleaseDate } from "./release-date.ts";
import { type ListedEntry, readReleaseFiles } from "./release-files.ts";
import { type FieldName, type Stanza, StanzaReader } from "./stanzas.ts";
import { decodeUtf8Loosely, quote, splitWords } from "./text.ts";

/** A suite's list of its indices. Names, sizes and digests only; who signed it is not known here. */
export interface Release {
  readonly suite: string | undefined;
  readonly codename: string | undefined;
  readonly origin: string | undefined;
  readonly label: string | undefined;
  readonly version: string | undefined;
  /** Undefined where it is absent or cannot be read, which apt only warns of. */
  readonly date: Date | undefined;
  readonly validUntil: Date | undefined;
  /** What the field says: neither all that is hosted, nor only that. The names of the indices are the truth. */
  readonly architectures: readonly string[];
  readonly components: readonly string[];
  readonly acquireByHash: boolean;
  /** `No-Support-for-Architecture-all: Packages`: clients read no binary-all/Packages. */
  readonly noSupportForArchitectureAll: boolean;
  /** By name, relative to the directory of the Release file. */
  readonly files: ReadonlyMap<string, ListedEntry>;
  readonly warnings: readonly string[];
}

/**
 * Reads a Release file: the payload of InRelease, or Release itself, as latin1 text. `source` names it in errors and
 * warnings. Throws a RepositoryError for what is no Release, and for a Valid-Until that cannot be read, since apt
 * then refuses the repository.
 */
export function parseRelease(text: string, source: string): Release {
  const warnings: string[] = [];
  const warn = (problem: string) => warnings.push(`${source}: ${problem}`);
  const stanza = readOnlyStanza(text, source, warn);
  const words = (name: FieldName) => splitWords(stanza.get(name) ?? "");
  const shown = (name: FieldName) => {
    const value = stanza.get(name);
    return value === undefined ? undefined : decodeUtf8Loosely(value);
  };
  return {
    suite: shown("suite"),
    codename: shown("codename"),
    origin: shown("origin"),
    label: shown("label"),
    version: shown("version"),
    date: readDate(stanza, warn),
    validUntil: readValidUntil(stanza, source),
    architectures: words("architectures"),
    components: words("components"),
    acquireByHash: wordsForTrue.has((stanza.get("acquire-by-hash") ?? "").toLowerCase()),
    noSupportForArchitectureAll: words("no-support-for-architecture-all").includes("Packages"),
    files: readReleaseFiles(stanza, source, warn),
    warnings,
  };
}

/** True where both have the same date and list the same files. */
export function sameRelease(a: Release, b: Release): boolean {
  if (a.date?.getTime() !== b.date?.getTime() || a.files.size !== b.files.size) return false;
  for (const [name, entry] of a.files) {
    const other = b.files.get(name);
    if (other?.sizeBytes !== entry.sizeBytes || !sameDigests(other.digests, entry.digests)) return false;
  }
  return true;
}

/** What apt's StringToBool takes for true. */
const wordsForTrue = new Set(["1", "yes", "true", "with", "on", "enable"]);

function readOnlyStanza(text: string, source: string, warn: (problem: string) => void): Stanza {
  const bytes = Buffer.from(text, "latin1");
  // A list of files may well be longer than any package's stanza; whoever fetched the text has bounded it.
  const reader = new StanzaReader(source, { stanzaBytesMax: bytes.length + 1 });
  const [stanza, second] = [...reader.push(bytes), ...reader.end()];
  if (stanza === undefined) throw new RepositoryError("FIELD_MISSING", `${source}: no fields at all`);
  if (second !== undefined) {
    warn(`what follows the empty line before line ${second.line} is ignored, as apt does`);
  }
  return stanza;
}

function readDate(stanza: Stanza, warn: (problem: string) => void): Date | undefined {
  const text = stanza.get("date");
  const date = text === undefined ? undefined : parseReleaseDate(text);
  if (text !== undefined && date === undefined) warn(`Date cannot be read: ${quote(text)}`);
  return date;
}

function readValidUntil(stanza: Stanza, source: string): Date | undefined {
  const text = stanza.get("valid-until");
  if (text === undefined) return undefined;
  const validUntil = parseReleaseDate(text);
  if (validUntil !== undefined) return validUntil;
  throw new RepositoryError(
    "FIELD_MALFORMED",
    `${source}: Valid-Until cannot be read: ${quote(text)}; expected a date such as "Sat, 10 Jun 2023 08:53:33 UTC"`,
  );
}
