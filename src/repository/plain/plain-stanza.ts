import { beginsField, colon, isSpace, shapeOf, space, tab } from "../packages/field-syntax.ts";
import { isPlainHex, isPlainPath, plainNumber } from "./plain-values.ts";

/** The fields that are needed, and the places of their values in the arrays of a stanza. */
const field = {
  package: 0,
  version: 1,
  architecture: 2,
  filename: 3,
  size: 4,
  sha256: 5,
  md5sum: 6,
  sha1: 7,
  sha512: 8,
} as const;

/**
 * A stanza of Packages whose lines come one after the other: where the values of the fields are that are needed. It is used
 * again for each stanza.
 */
export class PlainStanza {
  /** Where a value begins and ends is the same for one that is empty or not there. */
  readonly #starts = new Int32Array(Object.keys(field).length);
  readonly #ends = new Int32Array(this.#starts.length);
  #hasFields = false;
  #isNeeded = false;
  #sizeBytes = 0;

  clear(): void {
    this.#starts.fill(0);
    this.#ends.fill(0);
    this.#hasFields = false;
  }

  get hasFields(): boolean {
    return this.#hasFields;
  }

  /** Returns false for a line that is not plain. A line that continues a field is, unless the field is needed. */
  readLine(bytes: Buffer, start: number, end: number): boolean {
    const first = bytes[start] ?? 0;
    if (first === space || first === tab) return this.#hasFields && !this.#isNeeded;
    let at = start;
    while (at < end && bytes[at] !== colon) at++;
    if (at === end || !beginsField(first) || isSpace(bytes[at - 1] ?? 0)) return false;
    this.#hasFields = true;
    const needed = findName(bytes, start, at);
    this.#isNeeded = needed !== undefined;
    if (needed !== undefined) this.#setValue(needed, bytes, at + 1, end);
    return true;
  }

  /** Of two fields with one name the last counts. */
  #setValue(place: number, bytes: Buffer, start: number, end: number): void {
    let [from, to] = [start, end];
    while (from < to && isSpace(bytes[from] ?? 0)) from++;
    while (to > from && isSpace(bytes[to - 1] ?? 0)) to--;
    this.#starts[place] = from;
    this.#ends[place] = to;
  }

  /** True if the stanza has all that it must have, with plain values. */
  isPlain(bytes: Buffer): boolean {
    const sizeBytes = plainNumber(bytes, this.#startOf(field.size), this.#endOf(field.size));
    if (sizeBytes === undefined) return false;
    this.#sizeBytes = sizeBytes;
    return (
      !this.#isAbsent(field.package) &&
      !this.#isAbsent(field.version) &&
      !this.#isAbsent(field.architecture) &&
      isPlainPath(bytes, this.pathStart, this.pathEnd) &&
      this.#isHex(field.sha256, bytes, 64) &&
      (this.#isAbsent(field.md5sum) || this.#isHex(field.md5sum, bytes, 32)) &&
      (this.#isAbsent(field.sha1) || this.#isHex(field.sha1, bytes, 40)) &&
      (this.#isAbsent(field.sha512) || this.#isHex(field.sha512, bytes, 128))
    );
  }

  get pathStart(): number {
    return this.#startOf(field.filename);
  }

  get pathEnd(): number {
    return this.#endOf(field.filename);
  }

  get sha256Start(): number {
    return this.#startOf(field.sha256);
  }

  /** Of the last stanza that was found plain. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  #isHex(place: number, bytes: Buffer, digits: number): boolean {
    return isPlainHex(bytes, this.#startOf(place), this.#endOf(place), digits);
  }

  #isAbsent(place: number): boolean {
    return this.#starts[place] === this.#ends[place];
  }

  #startOf(place: number): number {
    return this.#starts[place] ?? 0;
  }

  #endOf(place: number): number {
    return this.#ends[place] ?? 0;
  }
}

/** Returns the place of the field whose name this is, in any case. */
function findName(bytes: Buffer, start: number, end: number): number | undefined {
  // Most fields of an index are not needed. Length and first letter exclude nearly all of them.
  const candidates = ofShape[shapeOf(Math.min(end - start, lengthMax), bytes[start] ?? 0)];
  if (candidates === undefined) return undefined;
  for (const [name, place] of candidates) if (isAt(bytes, start, name)) return place;
  return undefined;
}

function isAt(bytes: Buffer, start: number, name: string): boolean {
  for (let index = 0; index < name.length; index++)
    if (lowerCase(bytes[start + index] ?? 0) !== name.charCodeAt(index)) return false;
  return true;
}

const lowerCase = (byte: number): number => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte);

/** No name that is needed is as long. */
const lengthMax = 15;
const ofShape: (readonly (readonly [string, number])[] | undefined)[] = Array.from({ length: 16 * 32 });
for (const [name, place] of Object.entries(field)) {
  const shape = shapeOf(name.length, name.charCodeAt(0));
  ofShape[shape] = [...(ofShape[shape] ?? []), [name, place]];
}
