import { RepositoryError } from "../errors.ts";
import { decodeUtf8Loosely, quote } from "../text.ts";
import type { ReleaseRemark } from "./release-remark.ts";

/** The file of a text, and how many of its lines come before the text. */
interface Place {
  readonly source: string;
  readonly linesBefore: number;
}

export type BrokenLine = Extract<ReleaseRemark, { kind: "line-broken" }>;

/** A Release whose broken lines were replaced by fields without meaning. Line numbers are those of the original. */
export interface ReadableRelease {
  readonly text: string;
  readonly brokenLines: readonly BrokenLine[];
}

/**
 * Skips the broken lines of a Release as apt does. apt (pkgTagSection::Scan) reads a line that begins without white space
 * as the name of a field up to the next colon, on any line. So a continuation without its blank hides the name of the
 * next field.
 *
 * Throws STANZA_MALFORMED if no colon follows, and if apt would lose entries of a list of files.
 */
export function readOverBrokenLines(text: string, place: Place): ReadableRelease {
  const lines = text.split("\n").map((line) => line.replace(/^\r+/, ""));
  const brokenLines: BrokenLine[] = [];
  let hasField = false;
  let at = lines.findIndex((line) => line !== "");
  if (at === -1) return { text, brokenLines };
  // apt reads up to the first empty line.
  for (let line = lines[at]; line !== undefined && line !== ""; line = lines[at]) {
    if (fieldStart.test(line)) hasField = true;
    else if (continuation.test(line) && (hasField || blank.test(line))) lines[at] = ` ${line}`;
    else {
      const { end, lostField } = spanOf(lines, at, place);
      const number = place.linesBefore + at + 1;
      brokenLines.push({ kind: "line-broken", line: number, text: decodeUtf8Loosely(line), lostField });
      lines[at] = `Broken-Line: ${line}`;
      for (let swallowed = at + 1; swallowed <= end; swallowed += 1)
        lines[swallowed] = ` ${lines[swallowed]}`;
      hasField = true;
      at = end;
    }
    at += 1;
  }
  return { text: lines.join("\n"), brokenLines };
}

interface Span {
  /** Index of the last line of the name that the broken line begins. */
  readonly end: number;
  readonly lostField: string | undefined;
}

function spanOf(lines: readonly string[], at: number, place: Place): Span {
  const line = lines[at] ?? "";
  // Before the first field, apt skips a continuation.
  const end = continuation.test(line) ? at : findColon(lines, at);
  if (end === undefined) throw malformed(place, at, "a line without colon", line);
  if (end > at && isWholeName(lines, at, end))
    throw malformed(place, at, "the name of a field whose colon is on another line", line);
  const lostField = end === at ? undefined : fieldStart.exec(lines[end] ?? "")?.[1];
  const lostLines = lostField === undefined ? lines.slice(at, endOfValue(lines, end)) : lines.slice(at, end);
  if (lostLines.some(isEntry))
    throw malformed(place, at, "a broken line in a list of files, of which apt loses the rest", line);
  return { end, lostField };
}

/** True if only white space is between the line and the colon: for apt it is then the name of a field. */
function isWholeName(lines: readonly string[], at: number, end: number): boolean {
  const between = [...lines.slice(at + 1, end), lines[end]?.split(":", 1)[0] ?? ""];
  return between.every((line) => blank.test(line));
}

function findColon(lines: readonly string[], start: number): number | undefined {
  for (let at = start; at < lines.length; at += 1) if (lines[at]?.includes(":")) return at;
  return undefined;
}

/** Returns the index of the first line after `at` that does not continue a field. */
function endOfValue(lines: readonly string[], at: number): number {
  let end = at + 1;
  while (continuation.test(lines[end] ?? "")) end += 1;
  return end;
}

// deb822(5): field names are printable ASCII and begin neither with "#" nor with "-".
const fieldStart = /^([!"$-,./0-9;-~][!-9;-~]*)[ \t]*:/;
const continuation = /^[\t\v\f ]/;
const blank = /^[\t\v\f\r ]*$/;
const isEntry = (line: string): boolean => /^\s*[0-9a-f]{32,128}[ \t]+\d+[ \t]+\S/i.test(line);

function malformed(
  { source, linesBefore }: Place,
  at: number,
  problem: string,
  text: string,
): RepositoryError {
  const line = linesBefore + at + 1;
  return new RepositoryError("STANZA_MALFORMED", `${source}:${line}: ${problem}: ${quote(text)}`, {
    facts: { source, line },
    hint: "Tell the owner of the upstream: its Release has to be made again.",
  });
}
