import { sameDigests } from "../digests.ts";
import { RepositoryError } from "../errors.ts";
import { type FieldName, type Stanza, StanzaReader } from "../packages/stanzas.ts";
import { decodeUtf8Loosely, quote, splitWords } from "../text.ts";
import { hasShortYear, parseReleaseDate } from "./release-date.ts";
import { type FindLine, type ListedEntry, readReleaseFiles } from "./release-files.ts";
import { type BrokenLine, readOverBrokenLines } from "./release-lines.ts";
import type { MalformedEntry, ReleaseRemark } from "./release-remark.ts";

/** The Release of a suite, with its list of indices. Who signed it is not known here. */
export interface Release {
  readonly suite: string | undefined;
  readonly codename: string | undefined;
  readonly origin: string | undefined;
  readonly label: string | undefined;
  readonly version: string | undefined;
  /** Undefined if it is absent or cannot be read, about which apt only warns. */
  readonly date: Date | undefined;
  readonly validUntil: Date | undefined;
  /**
   * The fingerprints that may sign the next Release (Signed-By), in upper case, with "!" for exactly that key. Empty if
   * the field is absent or has anything else, which apt then ignores as a whole.
   */
  readonly nextSigners: readonly string[];
  /** The field, which may have more or less than is hosted. The names of the indices decide. */
  readonly architectures: readonly string[];
  readonly components: readonly string[];
  readonly acquireByHash: boolean;
  /** `No-Support-for-Architecture-all: Packages`: clients do not read binary-all/Packages. */
  readonly noSupportForArchitectureAll: boolean;
  /** `NotAutomatic: yes`, as in backports: a client installs nothing from it unless it is asked to. */
  readonly notAutomatic: boolean;
  /** By name, relative to the directory of the Release. */
  readonly files: ReadonlyMap<string, ListedEntry>;
  /** By name, the files with an unreadable digest or size. apt fails if it requests one. */
  readonly malformed: ReadonlyMap<string, MalformedEntry>;
  readonly remarks: readonly ReleaseRemark[];
}

/**
 * Reads a Release: the signed text of InRelease, or the file Release, as latin1 text. `source` is its name in errors, with
 * `linesBefore` lines before the text. Skips broken lines outside of the lists of files, as apt does. Throws a
 * RepositoryError for anything but a Release, for broken lists, and for an unreadable Valid-Until, for which apt refuses
 * the repository.
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
    notAutomatic: meansTrue(stanza.get("notautomatic") ?? ""),
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

/** True if both have the same date and the same files. */
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

/** Reads a boolean as apt's StringToBool does: one of these words, or a number that strtol(3) reads as 1. */
const meansTrue = (text: string): boolean =>
  /^(?:yes|true|with|on|enable)$/i.test(text) || /^\+?0*1$|^\+?0x0*1$/i.test(text);

function readOnlyStanza(
  text: string,
  source: string,
): { readonly stanza: Stanza; readonly second: Stanza | undefined } {
  const bytes = Buffer.from(text, "latin1");
  // A list of files may be longer than the stanza of any package. The download has limited the text.
  const reader = new StanzaReader(source, { stanzaBytesMax: bytes.length + 1 });
  const [stanza, second] = [...reader.push(bytes), ...reader.end()];
  if (stanza === undefined) throw new RepositoryError("FIELD_MISSING", `${source}: no fields at all`);
  return { stanza, second };
}

/** Throws if a broken line hides the only strong list: apt accepts no Release without one. */
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
      hint: "Tell the owner of the upstream: its Release has to be made again.",
    },
  );
}

/** Finds lines in the text, which is searched once, and only when it is needed. */
function lineFinder(text: string, linesBefore: number): FindLine {
  let lineOf: Map<string, number> | undefined;
  return (entry) => {
    lineOf ??= indexLines(text);
    const line = lineOf.get(entry.trim());
    return line === undefined ? undefined : line + linesBefore;
  };
}

/** Returns the number of the first line with each text. An entry may be on the line of its field. */
function indexLines(text: string): Map<string, number> {
  const numbered = text.split("\n").map((line, index) => {
    const entry = /^\S/.test(line) ? line.slice(line.indexOf(":") + 1) : line;
    return [entry.trim(), index + 1] as const;
  });
  return new Map(numbered.toReversed());
}

/** Reads Signed-By as apt's NormalizeSignedBy does for a Release: no files, no key IDs. */
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

/** apt reads an empty field as absent, and a time before 1970 as no limit. */
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
