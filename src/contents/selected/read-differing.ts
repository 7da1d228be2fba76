import { decidingDigests, type FieldName, type Stanza, StanzaReader } from "../../repository/index.ts";
import type { HeldIndex } from "../held-index.ts";
import { TextWindow } from "../listing/text-window.ts";
import { readIndex } from "../read-index.ts";
import type { TreeFiles } from "../tree-files.ts";
import { compareTexts, type TextFindings } from "./compare-texts.ts";
import { firstWord, NameFinder, stanzaAround } from "./find-names.ts";

/** An index of a tree. */
export interface IndexOfTree {
  readonly tree: TreeFiles;
  readonly index: HeldIndex;
}

/** How to read a stanza. */
export interface StanzaReading<Value> {
  /** The fields to keep; "package" is one of them. */
  readonly fields: readonly FieldName[];
  /** Returns undefined for a stanza that does not count. */
  readonly read: (stanza: Pick<Stanza, "get">) => Value | undefined;
}

/** What an index lists before and after, each in its order. */
export interface Differing<Value> {
  readonly before: readonly Value[];
  readonly after: readonly Value[];
}

/**
 * Reads of two versions of an index all stanzas of each package that they list differently, and perhaps some that are in
 * both. Reads no others, and checks the bytes of both by the digests that decide. Returns undefined if they have to be read
 * as a whole, because too much differs.
 */
export async function readDiffering<Value>(
  before: IndexOfTree,
  after: IndexOfTree,
  reading: StanzaReading<Value>,
): Promise<Differing<Value> | undefined> {
  const first = new DifferingStanzas(after.index.name, reading, undefined);
  await compareIndices(before, after, first);
  const { names, namesInBoth } = first;
  if (first.isTooLarge || names.has("")) return undefined;
  if (namesInBoth.isDisjointFrom(names) && !namesInBoth.has(unclear)) return first;
  const second = new DifferingStanzas(after.index.name, reading, names);
  await compareIndices(before, after, second);
  return second.isTooLarge ? undefined : second;
}

async function compareIndices<Value>(
  before: IndexOfTree,
  after: IndexOfTree,
  differing: DifferingStanzas<Value>,
): Promise<void> {
  await using earlier = new TextWindow(readIndex(before.tree, before.index, decidingDigests));
  await using later = new TextWindow(readIndex(after.tree, after.index, decidingDigests));
  await compareTexts(earlier, later, differing);
  differing.end();
}

/** Limits the memory. If more differ, it is most of an index, and nothing would be gained. */
const valuesMax = 30_000;

/** In place of a name that a `NameFinder` cannot tell: no word is equal to it. */
const unclear = " ";

/** Reads what differs and, of what is in both versions, all stanzas of some packages. */
class DifferingStanzas<Value> implements TextFindings, Differing<Value> {
  readonly before: Value[] = [];
  readonly after: Value[] = [];
  /** Of what was read, as a `NameFinder` finds them. */
  readonly names = new Set<string>();
  /** Of what is in both versions. */
  readonly namesInBoth = new Set<string>();
  isTooLarge = false;
  readonly #read: StanzaReading<Value>["read"];
  readonly #wanted: ReadonlySet<string> | undefined;
  readonly #earlier: StanzaReader;
  readonly #later: StanzaReader;
  readonly #finder = new NameFinder(["package"]);

  constructor(name: string, { fields, read }: StanzaReading<Value>, wanted: ReadonlySet<string> | undefined) {
    this.#read = read;
    this.#wanted = wanted;
    this.#earlier = new StanzaReader(name, { wanted: fields });
    this.#later = new StanzaReader(name, { wanted: fields });
  }

  same(stanzas: Buffer): void {
    let readTo = 0;
    for (const { at, name = unclear } of this.#finder.find(stanzas)) {
      if (this.#wanted === undefined) this.namesInBoth.add(name);
      else if (at >= readTo && (name === unclear || this.#wanted.has(name))) {
        const { start, end } = stanzaAround(stanzas, at);
        this.gone(stanzas.subarray(start, end));
        this.come(stanzas.subarray(start, end));
        readTo = end;
      }
    }
  }

  gone(bytes: Buffer): void {
    this.#add(this.before, this.#earlier.push(bytes));
  }

  come(bytes: Buffer): void {
    this.#add(this.after, this.#later.push(bytes));
  }

  end(): void {
    this.#add(this.before, this.#earlier.end());
    this.#add(this.after, this.#later.end());
  }

  #add(to: Value[], stanzas: readonly Stanza[]): void {
    for (const stanza of stanzas) {
      this.names.add(firstWord(stanza.get("package") ?? ""));
      const value = this.#read(stanza);
      if (value !== undefined) to.push(value);
    }
    if (this.before.length + this.after.length <= valuesMax) return;
    this.isTooLarge = true;
    this.before.length = 0;
    this.after.length = 0;
  }
}
