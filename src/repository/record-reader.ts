import { locateError, tellUpstream } from "./errors.ts";
import { type FieldName, type Stanza, StanzaReader } from "./stanzas.ts";

/** Reads an index of one kind of record from chunks of bytes cut anywhere; errors name the source and the line. */
export class RecordReader<IndexRecord> {
  readonly #source: string;
  readonly #stanzas: StanzaReader;
  readonly #readStanza: (stanza: Stanza) => IndexRecord;

  constructor(source: string, wanted: readonly FieldName[], readStanza: (stanza: Stanza) => IndexRecord) {
    this.#source = source;
    this.#stanzas = new StanzaReader(source, { wanted });
    this.#readStanza = readStanza;
  }

  /** The records that this chunk completes. */
  push(chunk: Uint8Array): readonly IndexRecord[] {
    return this.#stanzas.push(chunk).map((stanza) => this.#read(stanza));
  }

  /** The last record, if no empty line has ended it yet. */
  end(): readonly IndexRecord[] {
    return this.#stanzas.end().map((stanza) => this.#read(stanza));
  }

  #read(stanza: Stanza): IndexRecord {
    try {
      return this.#readStanza(stanza);
    } catch (error) {
      throw locateError(error, `${this.#source}:${stanza.line}`, tellUpstream);
    }
  }
}
