import { debError, malformed } from "./errors.ts";
import { readPaxRecords } from "./pax-records.ts";
import { blockBytes, readTarHeader, type TarHeader } from "./tar-header.ts";

/** A name in a tar archive. */
export interface TarEntry {
  /** Without "./" or "/" at its beginning, and without a slash at its end; latin1. */
  readonly path: string;
  readonly kind: "file" | "link" | "directory" | "other";
  /** Of a hard or a symbolic link, as written. */
  readonly linkName: string;
  readonly sizeBytes: number;
  /** The bytes of a file that was asked for; undefined for every other entry. */
  readonly content: Uint8Array | undefined;
}

export interface TarReading {
  /** Says whether the bytes of a file are wanted. */
  readonly wants: (path: string) => boolean;
  /** Limits the bytes of the wanted files together, and so the memory. */
  readonly contentBytesMax: number;
}

/** A long name or its pax header. Linux limits a path to 4096 bytes; other records of pax may be long. */
const descriptionBytesMax = 1 << 20;

/**
 * Reads a tar archive from chunks that are cut anywhere: ustar, with GNU's long names and pax headers, tar(5). Throws a
 * DebError for what is not a tar, for a name with "..", and at a limit. Extracts nothing and follows no link.
 */
export class TarReader {
  readonly #reading: TarReading;
  #contentBytes = 0;
  #isEnded = false;
  #skipBytes = 0;
  /** What is being collected: a header, or the bytes after one. */
  #wanted: Wanted = { kind: "header", block: Buffer.alloc(blockBytes), filledBytes: 0 };
  #described: Partial<TarHeader> = {};

  constructor(reading: TarReading) {
    this.#reading = reading;
  }

  /** Returns the entries that this chunk completes. Nothing follows the end of the archive. */
  push(chunk: Uint8Array): readonly TarEntry[] {
    const entries: TarEntry[] = [];
    for (let at = 0; at < chunk.length && !this.#isEnded; ) {
      if (this.#skipBytes > 0) {
        const skipped = Math.min(this.#skipBytes, chunk.length - at);
        this.#skipBytes -= skipped;
        at += skipped;
        continue;
      }
      at += this.#collect(chunk.subarray(at));
      const { block, filledBytes } = this.#wanted;
      if (filledBytes === block.length) entries.push(...this.#complete(this.#wanted));
    }
    return entries;
  }

  /** Throws if the archive ends early. */
  end(): void {
    if (
      !this.#isEnded &&
      (this.#skipBytes > 0 || this.#wanted.filledBytes > 0 || this.#wanted.kind !== "header")
    )
      throw malformed("its data.tar ends early");
  }

  #collect(chunk: Uint8Array): number {
    const { block, filledBytes } = this.#wanted;
    const part = chunk.subarray(0, block.length - filledBytes);
    block.set(part, filledBytes);
    this.#wanted.filledBytes += part.length;
    return part.length;
  }

  #complete(wanted: Wanted): readonly TarEntry[] {
    this.#wanted = { kind: "header", block: Buffer.alloc(blockBytes), filledBytes: 0 };
    switch (wanted.kind) {
      case "header":
        return this.#readHeader(wanted.block);
      case "content":
        this.#skipPadding(wanted.block.length);
        return [{ ...wanted.entry, content: wanted.block }];
      case "description":
        this.#skipPadding(wanted.block.length);
        Object.assign(this.#described, describedBy(wanted.type, wanted.block));
        return [];
    }
  }

  #readHeader(block: Buffer): readonly TarEntry[] {
    const plain = readTarHeader(block);
    if (plain === undefined) {
      this.#isEnded = true;
      return [];
    }
    const { type, sizeBytes } = plain;
    if (isDescription(type)) {
      if (sizeBytes > descriptionBytesMax) throw malformed("a name in its data.tar is too long");
      this.#take({ kind: "description", type }, sizeBytes);
      return [];
    }
    const header = { ...plain, ...this.#described };
    this.#described = {};
    return this.#readEntry(header);
  }

  #readEntry(header: TarHeader): readonly TarEntry[] {
    const { kind, sizeBytes } = sizedKindOf(header);
    const entry = {
      path: safePath(header.name),
      kind,
      linkName: header.linkName,
      sizeBytes,
      content: undefined,
    };
    if (kind !== "file" || !this.#reading.wants(entry.path)) {
      this.#skipBytes = sizeBytes;
      this.#skipPadding(sizeBytes);
      return [entry];
    }
    this.#contentBytes += sizeBytes;
    if (this.#contentBytes > this.#reading.contentBytesMax)
      throw tooLarge(entry.path, this.#reading.contentBytesMax);
    this.#take({ kind: "content", entry }, sizeBytes);
    return [];
  }

  #take(what: WantedKind, sizeBytes: number): void {
    this.#wanted = { ...what, block: Buffer.alloc(sizeBytes), filledBytes: 0 };
  }

  #skipPadding(sizeBytes: number): void {
    this.#skipBytes += (blockBytes - (sizeBytes % blockBytes)) % blockBytes;
  }
}

type WantedKind =
  | { readonly kind: "header" }
  | { readonly kind: "description"; readonly type: string }
  | { readonly kind: "content"; readonly entry: TarEntry };
type Wanted = WantedKind & { readonly block: Buffer; filledBytes: number };

const isDescription = (type: string): boolean => "LKxg".includes(type);

/** Returns what a long name ("L"), a long link ("K") or a pax header ("x") says of the next entry. */
function describedBy(type: string, bytes: Buffer): Partial<TarHeader> {
  if (type === "g") return {}; // of all entries; nobody sets their names or sizes
  if (type === "x") return readPaxRecords(bytes);
  const text = bytes.toString("latin1").replace(/\0[^]*$/, "");
  return type === "L" ? { name: text } : { linkName: text };
}

/** Only files have bytes: dpkg ignores the size of links, directories and devices. */
function sizedKindOf({ type, sizeBytes }: TarHeader): Pick<TarEntry, "kind" | "sizeBytes"> {
  switch (type) {
    case "0":
    case "\0":
    case "7":
      return { kind: "file", sizeBytes };
    case "1":
    case "2":
      return { kind: "link", sizeBytes: 0 };
    case "5":
      return { kind: "directory", sizeBytes: 0 };
    case "3":
    case "4":
    case "6":
      return { kind: "other", sizeBytes: 0 };
    default:
      throw malformed("its data.tar has an entry of an unknown type", type);
  }
}

function safePath(name: string): string {
  const segments = name.split("/").filter((segment) => segment !== "" && segment !== ".");
  if (segments.includes("..")) throw debError("DEB_UNSAFE", "a name in its data.tar leads out of it", name);
  return segments.join("/");
}

const tooLarge = (path: string, bytesMax: number): Error =>
  debError("DEB_TOO_LARGE", `a file that was looked for has more than ${bytesMax} bytes`, path);
