import { sameDigests } from "../digests.ts";
import { RepositoryError } from "../errors.ts";
import { type FieldName, type Stanza, StanzaReader } from "../packages/stanzas.ts";
import { decodeUtf8Loosely, quote, splitWords } from "../text.ts";
import { hasShortYear, parseReleaseDate } from "./release-date.ts";
import { type FindLine, type ListedEntry, readReleaseFiles } from "./release-files.ts";
import { type BrokenLine, readOverBrokenLines } from "./release-lines.ts";
import type { MalformedEntry, ReleaseRemark } from "./release-remark.ts";

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
  /**
   * Fingerprints in upper case, with "!" for exactly that key: who may sign the next Release. Empty where the field is
   * absent, or holds anything else, of which apt then uses nothing.
   */
  readonly nextSigners: readonly string[];
  /** What the field says: neither all that is hosted, nor only that. The names of the indices are the truth. */
  readonly architectures: readonly string[];
  readonly components: readonly string[];
  readonly acquireByHash: boolean;
  /** `No-Support-for-Architecture-all: Packages`: clients read no binary-all/Packages. */
  readonly noSupportForArchitectureAll: boolean;
  /** By name, relative to the directory of the Release file. */
  readonly files: ReadonlyMap<string, ListedEntry>;
  /** By name, what is listed with a digest or a size that cannot be read: apt fails where it asks for such a file. */
  readonly malformed: ReadonlyMap<string, MalformedEntry>;
  readonly remarks: readonly ReleaseRemark[];
}

/**
 * Reads a Release file: the payload of InRelease, or Release itself, as latin1 text. `source` names it in errors, and has
 * `linesBefore` lines before the text. Broken
 * lines outside of the lists of files are read over, as apt does. Throws a RepositoryError for what is no Release, for
 * lists that are not whole, and for a Valid-Until that cannot be read, since apt then refuses the repository.
 */
export function parseRelease(text: string, source: string, { linesBefore = 0 } = {}): Release {
  const readable = readOverBrokenLines(text, { source, linesBefore });
  const { stanza, second } = readOnlyStanza(readable.text, source);
  const words = (name: FieldName) => splitWords(stanza.get(name) ?? "");
  const shown = (name: FieldName) => {
    const value = stanza.get(name);
    return value === undefined ? undefined : decodeUtf8Loosely(value);
  };
  const findLine = lineFinder(readable.text, linesBefore);
  const { files, malformed, remarks: ofFiles } = readReleaseFiles(stanza, source, findLine);
  assertStrongListRead(readable.brokenLines, stanza, source);
  const date = readDate(stanza);
  const validUntil = readValidUntil(stanza, source);
  return {
    suite: shown("suite"),
    codename: shown("codename"),
    origin: shown("origin"),
    label: shown("label"),
    version: shown("version"),
    date: date.date,
    validUntil: validUntil.date,
    nextSigners: readSignedBy(stanza),
    architectures: words("architectures"),
    components: words("components"),
    acquireByHash: meansTrue(stanza.get("acquire-by-hash") ?? ""),
    noSupportForArchitectureAll: words("no-support-for-architecture-all").includes("Packages"),
    files,
    malformed,
    remarks: [
      ...readable.brokenLines,
      ...(second === undefined ? [] : [{ kind: "text-behind", line: second.line + linesBefore } as const]),
      ...date.remarks,
      ...validUntil.remarks,
      ...ofFiles,
    ],
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

/** True if a Release has the text of an InRelease. White space at the ends of lines is not signed there. */
export const isSameText = (release: Buffer, signedText: string): boolean =>
  withoutLineEnds(release.toString("latin1")) === withoutLineEnds(signedText);

const withoutLineEnds = (text: string): string =>
  text
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n")
    .trimEnd();

/** As apt's StringToBool: one of these words, or a number that strtol(3) reads as 1. */
const meansTrue = (text: string): boolean =>
  /^(?:yes|true|with|on|enable)$/i.test(text) || /^\+?0*1$|^\+?0x0*1$/i.test(text);

function readOnlyStanza(
  text: string,
  source: string,
): { readonly stanza: Stanza; readonly second: Stanza | undefined } {
  const bytes = Buffer.from(text, "latin1");
  // A list of files may well be longer than any package's stanza; whoever fetched the text has bounded it.
  const reader = new StanzaReader(source, { stanzaBytesMax: bytes.length + 1 });
  const [stanza, second] = [...reader.push(bytes), ...reader.end()];
  if (stanza === undefined) throw new RepositoryError("FIELD_MISSING", `${source}: no fields at all`);
  return { stanza, second };
}

/** A broken line may take the name of a list with it. Without any that cannot be forged, apt takes nothing. */
function assertStrongListRead(brokenLines: readonly BrokenLine[], stanza: Stanza, source: string): void {
  const strong = ["sha256", "sha512"] as const;
  const broken = brokenLines.find(({ lostField = "" }) =>
    strong.some((name) => name === lostField.toLowerCase()),
  );
  if (broken === undefined || strong.some((name) => stanza.get(name) !== undefined)) return;
  const lost = `${broken.lostField} is lost to apt, which reads on from there to the next colon`;
  throw new RepositoryError(
    "STANZA_MALFORMED",
    `${source}:${broken.line}: a broken line: ${quote(broken.text)}; ${lost}`,
    {
      facts: { source, line: broken.line },
      hint: "Tell whoever runs the upstream: its Release has to be made again.",
    },
  );
}

/** Finds entries in the text, which is searched once, and only where something is looked for. */
function lineFinder(text: string, linesBefore: number): FindLine {
  let lineOf: Map<string, number> | undefined;
  return (entry) => {
    lineOf ??= indexLines(text);
    const line = lineOf.get(entry.trim());
    return line === undefined ? undefined : line + linesBefore;
  };
}

/** By text, the number of the first line that has it; an entry may stand on the line of its field. */
function indexLines(text: string): Map<string, number> {
  const numbered = text.split("\n").map((line, index) => {
    const entry = /^\S/.test(line) ? line.slice(line.indexOf(":") + 1) : line;
    return [entry.trim(), index + 1] as const;
  });
  return new Map(numbered.toReversed());
}

/** As apt's NormalizeSignedBy does, for a Release: no files, no key IDs. */
function readSignedBy(stanza: Stanza): readonly string[] {
  const fingerprints = splitWords((stanza.get("signed-by") ?? "").replaceAll(",", " "));
  return fingerprints.every((text) => /^[0-9a-f]{40}!?$/i.test(text))
    ? fingerprints.map((text) => text.toUpperCase())
    : [];
}

interface ReadDate {
  readonly date: Date | undefined;
  readonly remarks: readonly ReleaseRemark[];
}

function readDate(stanza: Stanza): ReadDate {
  const text = stanza.get("date");
  if (text === undefined) return { date: undefined, remarks: [] };
  const date = parseReleaseDate(text);
  if (date === undefined) return { date, remarks: [{ kind: "date-unreadable", text }] };
  return { date, remarks: hasShortYear(text) ? [{ kind: "year-short", field: "Date", text }] : [] };
}

/** apt takes an empty field for none, and a time before 1970 for no limit. */
function readValidUntil(stanza: Stanza, source: string): ReadDate {
  const text = stanza.get("valid-until") ?? "";
  if (text === "") return { date: undefined, remarks: [] };
  const date = parseReleaseDate(text);
  if (date === undefined) {
    throw new RepositoryError(
      "FIELD_MALFORMED",
      `${source}: Valid-Until cannot be read: ${quote(text)}; expected a date such as "Sat, 10 Jun 2023 08:53:33 UTC"`,
    );
  }
  if (date.getTime() <= 0)
    return { date: undefined, remarks: [{ kind: "valid-until-without-effect", text }] };
  return { date, remarks: hasShortYear(text) ? [{ kind: "year-short", field: "Valid-Until", text }] : [] };
}
