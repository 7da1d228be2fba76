import { basename } from "node:path";
import { type ListedFile, strongestDigest } from "../repository/index.ts";
import type { FoundFile } from "./walk-directories.ts";

/** Bytes that are sought, and the found files that may be them. */
export interface SoughtContent<File extends ListedFile> {
  /** The files that have these bytes. */
  readonly files: readonly [File, ...File[]];
  /** Found files with a fitting name, the likeliest first. */
  readonly named: readonly FoundFile[];
}

interface Content<File extends ListedFile> extends SoughtContent<File> {
  readonly files: [File, ...File[]];
  readonly named: FoundFile[];
}

/** A directory may have a hundred dated copies of a tree. */
const namedMax = 16;

/** Which of the found files may be which sought ones: by size first, then by name. */
export class SoughtFiles<File extends ListedFile> {
  readonly #contents = new Map<string, Content<File>>();
  /** By size and base name. Of files that are listed without a size, by base name alone. */
  readonly #byName = new Map<string, Content<File>[]>();
  /** Found files of sought sizes, whose names do not fit. */
  readonly #unnamed = new Map<number, FoundFile[]>();

  constructor(files: Iterable<File>) {
    for (const file of files) this.#add(file);
  }

  #add(file: File): void {
    const digest = strongestDigest(file.digests);
    if (digest === undefined) return; // nothing could verify it
    const known = this.#contents.get(digest);
    const content: Content<File> = known ?? { files: [file], named: [] };
    if (known === undefined) this.#contents.set(digest, content);
    else known.files.push(file);
    append(this.#byName, nameKey(basename(file.path), file.sizeBytes), content);
    if (file.sizeBytes !== undefined && !this.#unnamed.has(file.sizeBytes))
      this.#unnamed.set(file.sizeBytes, []);
  }

  get contents(): Iterable<SoughtContent<File>> {
    return this.#contents.values();
  }

  /** Notes a found file, if it may be a sought one. */
  note(found: FoundFile): void {
    const { path, sizeBytes } = found;
    const fitting = namesIn(path).flatMap((name) => [
      ...(this.#byName.get(nameKey(name, sizeBytes)) ?? []),
      ...(this.#byName.get(nameKey(name, undefined)) ?? []),
    ]);
    for (const content of new Set(fitting)) insert(content, found);
    if (fitting.length === 0) this.#unnamed.get(sizeBytes)?.push(found);
  }

  /** Returns the found files of a size with other names than the sought files of that size. */
  unnamed(sizeBytes: number): readonly FoundFile[] {
    return this.#unnamed.get(sizeBytes) ?? [];
  }
}

const nameKey = (name: string, sizeBytes: number | undefined): string => `${sizeBytes ?? ""} ${name}`;

/** Returns the name of a file, and what follows the first "_": in its pool, aptly puts a part of the digest there. */
function namesIn(path: string): readonly string[] {
  const name = basename(path);
  const end = name.indexOf("_");
  return end < 0 ? [name] : [name, name.slice(end + 1)];
}

function append<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else if (!list.includes(value)) list.push(value);
}

/** Keeps the order: a path that ends like that of a sought file comes before others. */
function insert<File extends ListedFile>({ files, named }: Content<File>, found: FoundFile): void {
  const likeness = ({ path }: FoundFile): number =>
    Math.max(...files.map((file) => commonEnd(path, file.path)));
  const own = likeness(found);
  const at = named.findIndex((other) => likeness(other) < own);
  named.splice(at < 0 ? named.length : at, 0, found);
  if (named.length > namedMax) named.pop();
}

/** Returns how many characters two paths have in common at their ends. */
function commonEnd(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a.at(-1 - length) === b.at(-1 - length)) length++;
  return length;
}
