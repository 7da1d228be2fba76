import {
  type IndexDifference,
  LineCursor,
  type LineRange,
  type NewStanza,
  type ReadIndex,
} from "../../plan/index.ts";
import { RunningDigests } from "../../platform/running-digests.ts";
import { RepositoryError } from "../../repository/index.ts";
import { checkDigests } from "../../trust/index.ts";
import type { HeldIndex } from "../held-index.ts";
import { filesOf, type ListedPackage } from "../listed-package.ts";
import { openReader, type PackageListReader } from "../open-reader.ts";
import { decodableForm, readIndex } from "../read-index.ts";
import type { TreeFiles } from "../tree-files.ts";
import { compareStanzas, type EarlierStanza, type Findings } from "./compare-stanzas.ts";
import { TextWindow } from "./text-window.ts";

/** An index as an earlier tree has it, and the lines of its files. */
export interface EarlierIndex extends ReadIndex, LineRange {}

/** Trees with an earlier and a later version of the same indices. */
export interface Versions {
  readonly earlier: TreeFiles;
  readonly later: TreeFiles;
  /** The lines of all indices of the earlier tree. */
  readonly text: string;
  readonly allowWeak: boolean;
}

/** The earlier version cannot be read, or is not what it was. The later one may be as it should. */
class EarlierVersionError extends Error {}

/**
 * Returns what is known of the bytes of an index; undefined if no other version of it can be compared with it: Release does
 * not list its decompressed bytes, or it lists no packages.
 */
export function readIndexOf(tree: TreeFiles, index: HeldIndex): ReadIndex | undefined {
  const { plain, kind } = index.wanted;
  if (plain?.digests.sha256 === undefined || (kind !== "packages" && kind !== "sources")) return undefined;
  const { sizeBytes, digests } = plain;
  const { path, compression, entry } = sizeBytes === 0 ? index.forms[0] : decodableForm(tree, index);
  const key = JSON.stringify([index.contentKey, digests, entry.digests]);
  return { name: index.name, path, compression, key, sizeBytes, sha256: digests.sha256 ?? "" };
}

/**
 * Returns how an index differs from its earlier version, of which only the stanzas that differ are read. Checks the bytes of both.
 * Returns undefined if the later version has to be read as a whole, also for an error in it.
 */
export async function differenceOfIndex(
  versions: Versions,
  index: HeldIndex,
  earlier: EarlierIndex | undefined,
): Promise<IndexDifference | undefined> {
  const read = readIndexOf(versions.later, index);
  const reader = openReader(index, versions);
  if (read === undefined || reader === undefined) return undefined;
  if (earlier !== undefined && earlier.key === read.key)
    return { ...read, segments: [{ start: earlier.start, end: earlier.end }], removed: [] };
  const difference = new DifferenceWriter(reader);
  await using before = new TextWindow(earlier === undefined ? noBytes() : readEarlier(versions, earlier));
  await using after = new TextWindow(readIndex(versions.later, index));
  const stanzas = earlier === undefined ? [].values() : stanzasOf(versions.text, earlier);
  try {
    if (!(await compareStanzas(before, after, stanzas, difference))) return undefined;
    return difference.end(read);
  } catch (error) {
    if (error instanceof RepositoryError || error instanceof EarlierVersionError) return undefined;
    throw error;
  }
}

async function* noBytes(): AsyncGenerator<Uint8Array> {}

/** Reads the text that the lines were made of, and nothing else. */
async function* readEarlier(
  { earlier }: Versions,
  { path, compression, sizeBytes, sha256 }: EarlierIndex,
): AsyncGenerator<Uint8Array> {
  if (sizeBytes === 0) return;
  const running = new RunningDigests({});
  try {
    for await (const chunk of earlier.decompress(path, compression, sizeBytes)) {
      running.update(chunk);
      yield chunk;
    }
    const received = running.sizeBytes;
    checkDigests(running.finish(), received, { path, sizeBytes, digests: { sha256 } });
  } catch (cause) {
    throw new EarlierVersionError(path, { cause });
  }
}

/** Yields the stanzas of an index by its lines: a line with a number begins one. */
function* stanzasOf(text: string, { start, end }: LineRange): Generator<EarlierStanza, void, undefined> {
  let stanza: { readonly bytes: number; readonly start: number } | undefined;
  for (const line = new LineCursor(text, start, end); line.next(); ) {
    const bytes = line.stanzaBytes;
    if (bytes === undefined) continue;
    if (stanza !== undefined) yield { bytes: stanza.bytes, start: stanza.start, end: line.start };
    stanza = { bytes, start: line.start };
  }
  if (stanza !== undefined) yield { ...stanza, end };
}

/** Puts together what a comparison finds. */
class DifferenceWriter implements Findings {
  readonly #reader: PackageListReader;
  readonly #segments: (LineRange | NewStanza[])[] = [];
  readonly #removed: LineRange[] = [];
  /** Bytes that were given to the reader, and how many of them are in stanzas. */
  #givenBytes = 0;
  #stanzaBytes = 0;

  constructor(reader: PackageListReader) {
    this.#reader = reader;
  }

  keep(stanzas: readonly EarlierStanza[]): void {
    const [first, last] = [stanzas[0], stanzas.at(-1)];
    if (first === undefined || last === undefined) return;
    this.#endStanzas();
    const before = this.#segments.at(-1);
    if (before !== undefined && "start" in before && before.end === first.start)
      this.#segments[this.#segments.length - 1] = { start: before.start, end: last.end };
    else this.#segments.push({ start: first.start, end: last.end });
  }

  remove(stanzas: readonly EarlierStanza[]): void {
    const [first, last] = [stanzas[0], stanzas.at(-1)];
    if (first !== undefined && last !== undefined) this.#removed.push({ start: first.start, end: last.end });
  }

  add(bytes: Buffer): void {
    this.#givenBytes += bytes.length;
    this.#addPackages(this.#reader.push(bytes));
  }

  /** Returns undefined if a package cannot be named here. */
  end(read: ReadIndex): IndexDifference | undefined {
    this.#addPackages(this.#reader.end());
    if (this.#reader.unnamed.length > 0) return undefined;
    return { ...read, segments: this.#segments, removed: this.#removed };
  }

  #addPackages(items: readonly ListedPackage[]): void {
    for (const item of items) {
      const endsAt = Math.min(item.endsAt, this.#givenBytes); // the end of the text counts as an empty line
      this.#newStanzas().push({ bytes: endsAt - this.#stanzaBytes, files: filesOf(item) });
      this.#stanzaBytes = endsAt;
    }
  }

  /** Empty lines, and stanzas that are none, belong to the stanza before them. */
  #endStanzas(): void {
    const bytes = this.#givenBytes - this.#stanzaBytes;
    if (bytes === 0) return;
    this.#newStanzas().push({ bytes, files: [] });
    this.#stanzaBytes = this.#givenBytes;
  }

  #newStanzas(): NewStanza[] {
    const last = this.#segments.at(-1);
    if (last !== undefined && !("start" in last)) return last;
    const stanzas: NewStanza[] = [];
    this.#segments.push(stanzas);
    return stanzas;
  }
}
