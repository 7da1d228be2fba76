import type { RepositoryPath, Sha256 } from "../repository/index.ts";
import type { HeldFile } from "./tree-difference.ts";

/*
 * The files of a tree as lines of text, in the order of the indices that list them:
 *
 *     <SHA-256> <size> <stanza> <path>
 *
 * An unknown digest or size is "-". A path that a line before has already, since two indices list it, has "=" in place of both:
 * "= <stanza> <path>". The third field says how many bytes of the index this file and the next lines with "+" come from.
 * Without that number, which is "-", the lines cannot be compared with another version of the index.
 */

/** A line of a list. */
export interface FileLine extends HeldFile {
  /** The path has a line already, with its digest and size. */
  readonly isRepeated: boolean;
  /** The bytes of the index that list this file and those of the next lines with "+". Undefined for these, and if unknown. */
  readonly stanzaBytes: number | undefined;
  /** Where the line begins in its text, and where the next one does. */
  readonly start: number;
  readonly end: number;
}

/** Where the files of a line come from: a stanza of that many bytes, the stanza of the line before, or nothing that is known. */
export type LineOrigin = number | "same" | "unknown";

/** What a line says of a file; its digest was read as such. */
export interface LineFile {
  readonly path: string;
  readonly sha256: string | undefined;
  readonly sizeBytes: number | undefined;
}

export const formatLine = ({ path, sha256, sizeBytes }: LineFile, from: LineOrigin): string =>
  `${sha256 ?? unknown} ${sizeBytes ?? unknown} ${formatOrigin(from)} ${path}\n`;

export const formatRepeated = (path: string, from: LineOrigin): string =>
  `${repeated} ${formatOrigin(from)} ${path}\n`;

const formatOrigin = (from: LineOrigin): string =>
  from === "same" ? same : from === "unknown" ? unknown : String(from);

/** Reads the lines of a part of a text. No path has a control character, and no other field has a space. */
export function* readLines(text: string, start = 0, end = text.length): Generator<FileLine, void, undefined> {
  for (let from = start; from < end; ) {
    const lineEnd = text.indexOf("\n", from) + 1;
    if (lineEnd === 0) return;
    const isRepeated = text[from] === repeated;
    const afterDigest = text.indexOf(" ", from);
    const afterSize = isRepeated ? afterDigest : text.indexOf(" ", afterDigest + 1);
    const afterStanza = text.indexOf(" ", afterSize + 1);
    const digest = text.slice(from, afterDigest);
    const size = text.slice(afterDigest + 1, afterSize);
    const stanza = text.slice(afterSize + 1, afterStanza);
    yield {
      path: text.slice(afterStanza + 1, lineEnd - 1) as RepositoryPath,
      sha256: isRepeated || digest === unknown ? undefined : (digest as Sha256),
      sizeBytes: isRepeated || size === unknown ? undefined : Number(size),
      isRepeated,
      stanzaBytes: stanza === same || stanza === unknown ? undefined : Number(stanza),
      start: from,
      end: lineEnd,
    };
    from = lineEnd;
  }
}

const unknown = "-";
const repeated = "=";
const same = "+";
