import { RepositoryError, tellUpstream } from "../errors.ts";
import { quote } from "../text.ts";
import { beginsField, carriageReturn, isSpace, space, tab } from "./field-syntax.ts";
import { WantedNames } from "./wanted-names.ts";

/** The name of a field, in lower case. In files its case does not matter. */
export type FieldName = Lowercase<string>;

/** One paragraph of fields, deb822(5). */
export interface Stanza {
  /** The number of its first line, from 1. */
  readonly line: number;
  /** How many bytes of the text come before the next stanza. The empty line that ends this one is among them. */
  readonly endsAt: number;
  /**
   * Returns the value of a field: its lines without white space at either end and without empty ones, joined by "\n". Of
   * two fields with one name, the last counts.
   */
  get(name: FieldName): string | undefined;
}

export interface StanzaOptions {
  /** The fields to keep. The others are checked and not kept. All fields if absent. */
  readonly wanted?: readonly FieldName[];
  /** Limits one stanza, and so the memory; 2 MiB if absent. */
  readonly stanzaBytesMax?: number;
}

/**
 * Reads stanzas as apt's pkgTagFile does, from chunks of bytes that are cut anywhere. Where apt would lose a field in
 * silence (a comment, a line without colon, a byte order mark), it throws STANZA_MALFORMED with source and line.
 *
 * It is more lenient than apt in two ways. apt reads two empty lines at the beginning of a file, or lines of spaces
 * between empty ones, as a stanza without fields, and refuses such a Packages; here they are skipped. And apt keeps the
 * line feed and the tab of a value that begins on the next line after a tab.
 *
 * Values are strings of their own, so that none keeps a chunk in memory.
 */
export class StanzaReader {
  readonly #source: string;
  readonly #wanted: WantedNames | undefined;
  readonly #stanzaBytesMax: number;
  #unfinishedLine = Buffer.alloc(0);
  #failure: RepositoryError | undefined;
  #lines = 0;
  #bytes = 0;
  #stanza: OpenStanza | undefined;
  #stanzaBytes = 0;

  constructor(source: string, options: StanzaOptions = {}) {
    this.#source = source;
    this.#wanted = options.wanted && new WantedNames(options.wanted);
    this.#stanzaBytesMax = options.stanzaBytesMax ?? 2 * 1024 * 1024;
  }

  /**
   * Returns the stanzas that this chunk completes. An error after them in the chunk is thrown by the next call, so that
   * stanzas and error come in the order of the file, wherever the chunks are cut.
   */
  push(chunk: Uint8Array): readonly Stanza[] {
    if (this.#failure !== undefined) throw this.#failure;
    const stanzas: Stanza[] = [];
    try {
      this.#readLines(Buffer.concat([this.#unfinishedLine, chunk]), stanzas);
    } catch (error) {
      if (stanzas.length === 0 || !(error instanceof RepositoryError)) throw error;
      this.#failure = error;
    }
    return stanzas;
  }

  /** Returns the last stanza if no empty line has ended it. */
  end(): readonly Stanza[] {
    if (this.#failure !== undefined) throw this.#failure;
    const stanzas = this.#unfinishedLine.length === 0 ? [] : this.push(Buffer.from("\n"));
    const last = this.#finishStanza();
    return last === undefined ? stanzas : [...stanzas, last];
  }

  #readLines(bytes: Buffer<ArrayBuffer>, stanzas: Stanza[]): void {
    const text = bytes.toString("latin1");
    let start = 0;
    for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", start)) {
      const finished = this.#readLine({ bytes, text, start, end });
      if (finished !== undefined) stanzas.push(finished);
      start = end + 1;
    }
    this.#unfinishedLine = bytes.subarray(start);
    this.#checkSize(this.#unfinishedLine.length, this.#lines + 1);
  }

  #readLine(line: Line): Stanza | undefined {
    this.#lines += 1;
    const first = line.text.charCodeAt(line.start);
    const lineBytes = line.end - line.start;
    this.#bytes += lineBytes + 1;
    this.#checkSize(lineBytes, this.#lines); // an empty line too: it may have a million CRs
    if (isEmpty(line)) return this.#finishStanza();
    this.#stanzaBytes += lineBytes + 1;
    this.#checkSize(0, this.#lines);
    if (first === space || first === tab) this.#continueField(line);
    else this.#startField(line, first);
    return undefined;
  }

  #startField({ bytes, text, start, end }: Line, first: number): void {
    const colon = text.indexOf(":", start);
    if (colon === -1 || colon > end) throw this.#malformed("a line without colon", text.slice(start, end));
    if (!beginsField(first))
      throw this.#malformed("no field can begin as this line does", text.slice(start, end));
    this.#stanza ??= new OpenStanza(this.#lines);
    const name = this.#findWanted(text, start, trimmedEnd(text, start, colon));
    if (name === undefined) this.#stanza.skipField();
    else this.#stanza.start(name, trimmed(bytes, text, colon + 1, end));
  }

  #continueField(line: Line): void {
    // A line of spaces continues a field. It does not separate stanzas.
    if (this.#stanza === undefined) {
      if (isBlank(line)) return;
      throw this.#malformed("a continuation of no field", line.text.slice(line.start, line.end));
    }
    if (this.#stanza.keepsField) this.#stanza.append(trimmed(line.bytes, line.text, line.start, line.end));
  }

  #findWanted(text: string, start: number, end: number): string | undefined {
    if (this.#wanted !== undefined) return this.#wanted.find(text, start, end);
    return text.slice(start, end).toLowerCase();
  }

  #finishStanza(): Stanza | undefined {
    const stanza = this.#stanza;
    if (stanza !== undefined) stanza.endsAt = this.#bytes;
    this.#stanza = undefined;
    this.#stanzaBytes = 0;
    return stanza;
  }

  #checkSize(unfinishedBytes: number, line: number): void {
    if (this.#stanzaBytes + unfinishedBytes <= this.#stanzaBytesMax) return;
    throw new RepositoryError(
      "STANZA_TOO_LARGE",
      `${this.#source}:${this.#stanza?.line ?? line}: a stanza of more than ${this.#stanzaBytesMax} bytes`,
      { facts: { source: this.#source, bytesMax: this.#stanzaBytesMax }, hint: tellUpstream },
    );
  }

  #malformed(problem: string, line: string): RepositoryError {
    return new RepositoryError(
      "STANZA_MALFORMED",
      `${this.#source}:${this.#lines}: ${problem}: ${quote(line)}`,
      { facts: { source: this.#source, line: this.#lines }, hint: tellUpstream },
    );
  }
}

/** A line of the present bytes, without its line feed. `text` is the same bytes as latin1. */
interface Line {
  readonly bytes: Buffer;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

class OpenStanza implements Stanza {
  readonly line: number;
  endsAt = 0;
  readonly #fields = new Map<string, string>();
  #field: string | undefined;

  constructor(line: number) {
    this.line = line;
  }

  get(name: FieldName): string | undefined {
    return this.#fields.get(name);
  }

  get keepsField(): boolean {
    return this.#field !== undefined;
  }

  start(name: string, value: string): void {
    this.#field = name;
    this.#fields.set(name, value);
  }

  skipField(): void {
    this.#field = undefined;
  }

  append(value: string): void {
    if (this.#field === undefined || value === "") return;
    const before = this.#fields.get(this.#field);
    this.#fields.set(this.#field, before ? `${before}\n${value}` : value);
  }
}

/** A line of CRs is empty. With a space after them it is not. */
function isEmpty({ text, start, end }: Line): boolean {
  let at = start;
  while (at < end && text.charCodeAt(at) === carriageReturn) at += 1;
  return at === end;
}

function isBlank({ text, start, end }: Line): boolean {
  return trimmedEnd(text, start, end) === start;
}

function trimmedEnd(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && isSpace(text.charCodeAt(at - 1))) at -= 1;
  return at;
}

function trimmed(bytes: Buffer, text: string, start: number, end: number): string {
  let from = start;
  while (from < end && isSpace(text.charCodeAt(from))) from += 1;
  // From the bytes: a slice of `text` would keep the whole chunk in memory.
  return bytes.toString("latin1", from, trimmedEnd(text, from, end));
}
