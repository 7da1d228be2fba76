import type { RepositoryPath, Sha256 } from "../../repository/index.ts";
import type { SoughtTexts } from "./sought-texts.ts";
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

/**
 * Goes from line to line of a part of a text, and makes a string only of what is asked for: a text may have a hundred thousand
 * lines, of which all but a few stay. No path has a control character, and no other field has a space.
 */
export class LineCursor {
  readonly #text: string;
  readonly #end: number;
  #start: number;
  #nextStart: number;
  #afterDigest = 0;
  #afterSize = 0;
  #afterStanza = 0;

  constructor(text: string, start = 0, end = text.length) {
    this.#text = text;
    this.#start = start;
    this.#nextStart = start;
    this.#end = end;
  }

  /** Goes to the next line. Returns false if there is none. */
  next(): boolean {
    const from = this.#nextStart;
    const lineEnd = from < this.#end ? this.#text.indexOf("\n", from) + 1 : 0;
    if (lineEnd === 0) return false;
    this.#start = from;
    this.#nextStart = lineEnd;
    this.#afterDigest = this.#text.indexOf(" ", from);
    this.#afterSize = this.isRepeated ? this.#afterDigest : this.#text.indexOf(" ", this.#afterDigest + 1);
    this.#afterStanza = this.#text.indexOf(" ", this.#afterSize + 1);
    return true;
  }

  /** Where the line begins in its text, and where the next one does. */
  get start(): number {
    return this.#start;
  }

  get end(): number {
    return this.#nextStart;
  }

  /** The path has a line already, with its digest and size. */
  get isRepeated(): boolean {
    return this.#text[this.#start] === repeated;
  }

  get path(): RepositoryPath {
    return this.#text.slice(this.#afterStanza + 1, this.#nextStart - 1) as RepositoryPath;
  }

  isPathIn(sought: SoughtTexts): boolean {
    return sought.hasPart(this.#text, this.#afterStanza + 1, this.#nextStart - 1);
  }

  pathBeginsWith(text: string): boolean {
    return this.#text.startsWith(text, this.#afterStanza + 1);
  }

  isSha256In(sought: SoughtTexts): boolean {
    return sought.hasPart(this.#text, this.#start, this.#afterDigest);
  }

  get sha256(): Sha256 | undefined {
    if (this.isRepeated || this.#text[this.#start] === unknown) return undefined;
    return this.#text.slice(this.#start, this.#afterDigest) as Sha256;
  }

  get sizeBytes(): number | undefined {
    if (this.isRepeated || this.#text[this.#afterDigest + 1] === unknown) return undefined;
    return Number(this.#text.slice(this.#afterDigest + 1, this.#afterSize));
  }

  /** The bytes of the index that list this file and those of the next lines with "+". Undefined for these, and if unknown. */
  get stanzaBytes(): number | undefined {
    const first = this.#text[this.#afterSize + 1];
    if (first === same || first === unknown) return undefined;
    return Number(this.#text.slice(this.#afterSize + 1, this.#afterStanza));
  }

  /** The file of the line. */
  get file(): HeldFile {
    return { path: this.path, sha256: this.sha256, sizeBytes: this.sizeBytes };
  }
}

/** Yields the files of a part of a text, each path once, or those of them whose paths are wanted. */
export function* filesIn(
  text: string,
  start?: number,
  isWanted: (path: RepositoryPath) => boolean = () => true,
): Generator<HeldFile, void, undefined> {
  for (const line = new LineCursor(text, start); line.next(); )
    if (!line.isRepeated && isWanted(line.path)) yield line.file;
}

/** Yields their paths. */
export function* pathsIn(text: string, start?: number): Generator<RepositoryPath, void, undefined> {
  for (const line = new LineCursor(text, start); line.next(); ) if (!line.isRepeated) yield line.path;
}

/** Yields their SHA-256, as far as these are sought. */
export function* digestsIn(text: string, sought: SoughtTexts): Generator<Sha256, void, undefined> {
  for (const line = new LineCursor(text); line.next(); ) {
    const sha256 = line.isSha256In(sought) ? line.sha256 : undefined;
    if (sha256 !== undefined) yield sha256;
  }
}

const unknown = "-";
const repeated = "=";
const same = "+";
