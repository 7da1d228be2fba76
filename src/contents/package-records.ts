import { type FieldName, type Stanza, StanzaReader } from "../repository/index.ts";
import type { HeldIndex } from "./held-index.ts";
import { readIndex } from "./read-index.ts";
import type { TreeFiles } from "./tree-files.ts";

/** One stanza of Packages or Sources, of which the chosen fields were kept. */
export interface PackageRecord<Field extends FieldName> {
  /** The index that lists it: its suite, section, architecture and variant. */
  readonly index: HeldIndex;
  /** Its values are latin1 text, in which one character is one byte. */
  readonly stanza: { get(field: Field): string | undefined };
}

/** Streams the stanzas of an index in its order. */
export async function* readRecords<Field extends FieldName>(
  tree: TreeFiles,
  index: HeldIndex,
  fields: readonly Field[],
): AsyncGenerator<PackageRecord<Field>> {
  const reader = new StanzaReader(index.name, { wanted: fields });
  const recordOf = (stanza: Stanza): PackageRecord<Field> => ({ index, stanza });
  for await (const chunk of readIndex(tree, index)) yield* reader.push(chunk).map(recordOf);
  yield* reader.end().map(recordOf);
}
