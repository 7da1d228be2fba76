import type { Changelog, ChangelogEntry } from "./changelog.ts";

/** More entries than a promotion can span. */
const entriesMax = 200;
/** No header or trailer is longer; a longer line is text. */
const headerCharsMax = 4096;
/** The kernel's has 200,000 at times. */
const bodyCharsMax = 1 << 20;

/**
 * Reads a changelog, deb-changelog(5). Is as lenient as dpkg-parsechangelog: a line that does not belong where it is, is
 * skipped. What is not UTF-8 becomes U+FFFD. Any bytes give a changelog, perhaps an empty one.
 */
export function parseChangelog(bytes: Uint8Array): Changelog {
  const entries: ChangelogEntry[] = [];
  let open: OpenEntry | undefined;
  let isCut = false;
  for (const line of linesOf(Buffer.from(bytes).toString("utf8"))) {
    const header = headerOf(line);
    if (header !== undefined) {
      if (open !== undefined) entries.push(open.finish());
      open = undefined;
      isCut ||= entries.length === entriesMax;
      if (isCut) break;
      open = new OpenEntry(header);
    } else if (isCutNotice(line)) isCut = true;
    else if (endsEntries(line)) {
      isCut ||= isAncient(line); // the entries that follow have a format of before 1996
      break;
    } else open?.addLine(line);
  }
  if (open !== undefined) entries.push(open.finish());
  return { entries, isCut };
}

function* linesOf(text: string): Generator<string> {
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf("\n", start);
    const end = found === -1 ? text.length : found;
    yield text.slice(start, end);
    start = end + 1;
  }
}

type Header = Omit<ChangelogEntry, "body" | "maintainer" | "date">;

class OpenEntry {
  readonly #header: Header;
  readonly #lines: string[] = [];
  #chars = 0;
  #trailer: Pick<ChangelogEntry, "maintainer" | "date"> | undefined;

  constructor(header: Header) {
    this.#header = header;
  }

  addLine(line: string): void {
    if (this.#trailer !== undefined) return;
    this.#trailer = trailerOf(line);
    if (this.#trailer !== undefined || !isText(line) || this.#chars > bodyCharsMax) return;
    this.#lines.push(line.trimEnd().slice(0, bodyCharsMax));
    this.#chars += line.length + 1;
  }

  finish(): ChangelogEntry {
    const body = this.#lines.join("\n").replace(/^\n+/, "").slice(0, bodyCharsMax).trimEnd();
    return { ...this.#header, body, maintainer: undefined, date: undefined, ...this.#trailer };
  }
}

const headerPattern = /^(\w[-+0-9a-z.]*) \(([^() \t]+)\)((?:\s+[-+0-9a-z.]+)+);(.*)$/i;

/** Reads "hello (1.0-1) unstable; urgency=low, binary-only=yes". */
function headerOf(line: string): Header | undefined {
  if (line.length > headerCharsMax) return undefined;
  const match = headerPattern.exec(line);
  if (match === null) return undefined;
  const [, source = "", version = "", distributions = "", rest = ""] = match;
  const keys = keysOf(rest);
  const { urgency, "binary-only": binaryOnly, ...others } = keys;
  return {
    source,
    version,
    distributions: distributions.trim().split(/\s+/),
    urgency: /^\w+/.exec(urgency ?? "")?.[0].toLowerCase(), // a comment may follow
    isBinaryOnly: binaryOnly?.toLowerCase() === "yes",
    keys: others,
  };
}

/** Of two values of one key the first counts. */
function keysOf(text: string): Readonly<Record<string, string>> {
  const found = new Map<string, string>();
  for (const part of text.split(",")) {
    const equals = part.indexOf("=");
    const name = part.slice(0, Math.max(0, equals)).trim().toLowerCase();
    if (/^[-0-9a-z]+$/.test(name) && !found.has(name)) found.set(name, part.slice(equals + 1).trim());
  }
  return Object.fromEntries(found);
}

const trailerPattern =
  /^ -- (.*) <([^<>]*)> {1,2}((?:\w+,\s*)?\d{1,2}\s+\w+\s+\d{4}\s+\d{1,2}:\d\d:\d\d\s+[-+]\d{4})(?:\s+\([^()\\]*\))?\s*$/;

/** Reads " -- Name <address>  Mon, 01 Jan 2026 10:00:00 +0000". */
function trailerOf(line: string): Pick<ChangelogEntry, "maintainer" | "date"> | undefined {
  if (!line.startsWith(" -- ") || line.length > headerCharsMax) return undefined;
  const match = trailerPattern.exec(line);
  if (match === null) return undefined;
  const [, name = "", address = "", date = ""] = match;
  return { maintainer: `${name} <${address}>`, date };
}

/** Lines of an entry are indented by two spaces; between them may be empty ones. */
const isText = (line: string): boolean => /^\s{2,}\S/.test(line) || line.trim() === "";

/** The notices of dh_installchangelogs and of Ubuntu's pkgbinarymangler. */
const isCutNotice = (line: string): boolean =>
  /^# (?:Older entries have been removed|To read the complete changelog|For older changelog entries)/i.test(
    line,
  );

const endsEntries = (line: string): boolean =>
  /^(?:(?:;;\s*)?Local variables:|vim:)/i.test(line) || isAncient(line);

/** The beginnings of older formats, as in Dpkg::Changelog::Debian. None of the patterns takes quadratic time. */
const isAncient = (line: string): boolean =>
  /^\S/.test(line) && line.length <= headerCharsMax && ancientPatterns.some((pattern) => pattern.test(line));

const ancientPatterns: readonly RegExp[] = [
  /^\w+\s+\w+\s+\d{1,2},?\s[\w\s:]{0,60}\d{4}\s[^<(]*[<(].*[)>]/,
  /^\w[-+0-9a-z.]* \([^() \t]+\);?\s*$/i,
  /^[\w.+-]\S*(?: \S+)? Debian \S/i,
  /^Changes from version \S+ to /i,
  /^Changes for [\w.+-]+:?\s*$/i,
  /^Old Changelog:\s*$/i,
  /^(?:\d+:)?\w[\w.+~-]*:?\s*$/,
];
