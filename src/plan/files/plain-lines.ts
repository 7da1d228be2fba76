import { type PlainPackage, pathBytesMax } from "../../repository/index.ts";

/**
 * The lines of files (list-lines.ts) as bytes, and where the line of a path is. Takes 160 bytes for each file, and no object that
 * the garbage collector would look at again and again.
 */
export class PlainLines {
  /** Of equal length, so that a number says where a line begins in all of them. */
  readonly #parts: Buffer<ArrayBuffer>[] = [];
  /** How much of each part has lines. */
  readonly #used: number[] = [];
  /** Pairs of the hash of a path and the place of its line, from 1; the place is 0 where nothing is. */
  #slots = new Uint32Array(1 << 12);
  #count = 0;

  /** How many parts there are. */
  get parts(): number {
    return this.#parts.length;
  }

  /** Begins a part: those after it have the lines from now on. */
  beginPart(): void {
    this.#parts.push(Buffer.allocUnsafeSlow(partBytes));
    this.#used.push(0);
  }

  /** Returns a part as text, and forgets it. */
  takePart(number: number): string {
    const part = this.#parts[number] ?? none;
    const text = part.toString("latin1", 0, this.#used[number]);
    this.#parts[number] = none;
    if (part !== none) part.buffer.transfer(0); // frees it at once, and not when the garbage collector comes by
    return text;
  }

  /**
   * Adds the line of a file, which comes from a stanza of so many bytes. Returns whether the path is new, or undefined if it has
   * a line with another size or digest.
   */
  add(file: PlainPackage, stanzaBytes: number): boolean | undefined {
    const hash = hashOf(file);
    const slot = this.#slotOf(file, hash);
    const held = (this.#slots[slot + 1] ?? 0) - 1;
    if (held >= 0 && !this.#isSameContent(held, file)) return undefined;
    const place = this.#write(file, stanzaBytes, held >= 0);
    if (held >= 0) return false;
    this.#slots[slot] = hash;
    this.#slots[slot + 1] = place + 1;
    if (4 * ++this.#count > this.#slots.length) this.#grow();
    return true;
  }

  #write(file: PlainPackage, stanzaBytes: number, isRepeated: boolean): number {
    const { bytes, sha256Start, pathStart, pathEnd } = file;
    if (partBytes - (this.#used.at(-1) ?? partBytes) < lineBytesMax) this.beginPart();
    const number = this.#parts.length - 1;
    const part = this.#parts[number] ?? none;
    const start = this.#used[number] ?? 0;
    let at = start;
    if (isRepeated) at += part.write(`= ${stanzaBytes} `, at, "latin1");
    else {
      at += bytes.copy(part, at, sha256Start, sha256Start + sha256Digits);
      at += part.write(` ${file.sizeBytes} ${stanzaBytes} `, at, "latin1");
    }
    at += bytes.copy(part, at, pathStart, pathEnd);
    part[at++] = lineFeed;
    this.#used[number] = at;
    return number * partBytes + start;
  }

  /** Returns where the path is, or where it belongs. */
  #slotOf(file: PlainPackage, hash: number): number {
    const last = this.#slots.length - 2;
    for (let slot = (hash << 1) & last; ; slot = (slot + 2) & last) {
      const place = (this.#slots[slot + 1] ?? 0) - 1;
      if (place < 0 || (this.#slots[slot] === hash && this.#isSamePath(place, file))) return slot;
    }
  }

  #isSamePath(place: number, { bytes, pathStart, pathEnd }: PlainPackage): boolean {
    const { part, path } = this.#lineAt(place);
    const end = path + pathEnd - pathStart;
    return part[end] === lineFeed && part.compare(bytes, pathStart, pathEnd, path, end) === 0;
  }

  #isSameContent(place: number, { bytes, sha256Start, sizeBytes }: PlainPackage): boolean {
    const { part, start, sizeEnd } = this.#lineAt(place);
    const digestEnd = start + sha256Digits;
    const isSameDigest = part.compare(bytes, sha256Start, sha256Start + sha256Digits, start, digestEnd) === 0;
    return isSameDigest && Number(part.toString("latin1", digestEnd + 1, sizeEnd)) === sizeBytes;
  }

  #lineAt(place: number): { part: Buffer; start: number; sizeEnd: number; path: number } {
    const part = this.#parts[Math.floor(place / partBytes)] ?? none;
    const start = place % partBytes;
    const sizeEnd = part.indexOf(space, start + sha256Digits + 1);
    return { part, start, sizeEnd, path: part.indexOf(space, sizeEnd + 1) + 1 };
  }

  #grow(): void {
    const before = this.#slots;
    this.#slots = new Uint32Array(2 * before.length);
    const last = this.#slots.length - 2;
    for (let from = 0; from < before.length; from += 2) {
      const hash = before[from] ?? 0;
      let slot = (hash << 1) & last;
      while (this.#slots[slot + 1] !== 0) slot = (slot + 2) & last;
      this.#slots[slot] = hash;
      this.#slots[slot + 1] = before[from + 1] ?? 0;
    }
  }
}

const partBytes = 1 << 18;
const sha256Digits = 64;
/** A number has at most 16 digits. */
const lineBytesMax = pathBytesMax + sha256Digits + 2 * 16 + 8;
const none = Buffer.alloc(0);
const lineFeed = 0x0a;
const space = 0x20;

/**
 * FNV-1a, 32 bits. Who signs an index could choose its paths so that their hashes are equal, and a sync would take long; so
 * it would with more files.
 */
function hashOf({ bytes, pathStart, pathEnd }: PlainPackage): number {
  let hash = 0x811c9dc5;
  for (let at = pathStart; at < pathEnd; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
  return hash >>> 0;
}
