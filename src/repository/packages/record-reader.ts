import { locateError, PathEncodingError, tellUpstream } from "../errors.ts";
import { decodeUtf8Loosely } from "../text.ts";
import { type FieldName, type Stanza, StanzaReader } from "./stanzas.ts";

/** A record with a path that is not UTF-8. */
export interface UnnamedRecord {
  /** The first line of its stanza, from 1. */
  readonly line: number;
  /** Of the package. This and the rest is decoded loosely, to be shown. */
  readonly name: string;
  readonly version: string;
  readonly path: string;
}

/** Reads an index of one kind of record from chunks of bytes that are cut anywhere. Its errors name source and line. */
export class RecordReader<IndexRecord> {
  readonly #source: string;
  readonly #stanzas: StanzaReader;
  readonly #readStanza: (stanza: Stanza) => IndexRecord;
  readonly #unnamed: UnnamedRecord[] = [];

  constructor(source: string, wanted: readonly FieldName[], readStanza: (stanza: Stanza) => IndexRecord) {
    this.#source = source;
    this.#stanzas = new StanzaReader(source, { wanted });
    this.#readStanza = readStanza;
  }

  /** Returns the records that this chunk completes. */
  push(chunk: Uint8Array): readonly IndexRecord[] {
    return this.#readAll(this.#stanzas.push(chunk));
  }

  /** Returns the last record if no empty line has ended it. */
  end(): readonly IndexRecord[] {
    return this.#readAll(this.#stanzas.end());
  }

  /** The records so far that are left out, because no file here can have their path. */
  get unnamed(): readonly UnnamedRecord[] {
    return this.#unnamed;
  }

  #readAll(stanzas: readonly Stanza[]): readonly IndexRecord[] {
    const records: IndexRecord[] = [];
    for (const stanza of stanzas) {
      try {
        records.push(this.#readStanza(stanza));
      } catch (error) {
        if (!(error instanceof PathEncodingError))
          throw locateError(error, `${this.#source}:${stanza.line}`, tellUpstream);
        this.#unnamed.push(unnamedRecord(stanza, error));
      }
    }
    return records;
  }
}

function unnamedRecord(stanza: Stanza, { path }: PathEncodingError): UnnamedRecord {
  const shown = (name: FieldName): string => decodeUtf8Loosely(stanza.get(name) ?? "");
  return { line: stanza.line, name: shown("package"), version: shown("version"), path };
}
