import { pathBytesMax, segmentBytesMax } from "../paths.ts";

/*
 * Values of fields in their most usual spelling, recognized in the bytes of an index: another spelling may be as good, and is
 * for the readers of stanzas. Asked of each package, so nothing is made.
 */

/** True for a path that `parseRepositoryPath` returns as it is, all in ASCII. */
export function isPlainPath(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start > pathBytesMax) return false;
  let segmentStart = start;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === slash) {
      if (!isSegment(bytes, segmentStart, at)) return false;
      segmentStart = at + 1;
    } else if (inPaths[byte] !== 1) return false;
  }
  return isSegment(bytes, segmentStart, end);
}

const isSegment = (bytes: Uint8Array, start: number, end: number): boolean =>
  end > start && end - start <= segmentBytesMax && bytes[start] !== dot;

/** True for so many hexadecimal digits in lower case. */
export function isPlainHex(bytes: Uint8Array, start: number, end: number, digits: number): boolean {
  if (end - start !== digits) return false;
  for (let at = start; at < end; at++) if (inDigests[bytes[at] ?? 0] !== 1) return false;
  return true;
}

/** Returns a number as it is written here too, without a zero before it; undefined for anything else. */
export function plainNumber(bytes: Uint8Array, start: number, end: number): number | undefined {
  const digits = end - start;
  if (digits < 1 || digits > digitsMax || (digits > 1 && bytes[start] === zero)) return undefined;
  let number = 0;
  for (let at = start; at < end; at++) {
    const digit = (bytes[at] ?? 0) - zero;
    if (digit < 0 || digit > 9) return undefined;
    number = number * 10 + digit;
  }
  return number;
}

/** Of such a number every one is exact. */
const digitsMax = 15;

const zero = 0x30;
const slash = 0x2f;
const dot = 0x2e;

/** For each byte, 1 if it is one of these characters. */
function setOf(characters: string): Uint8Array {
  const set = new Uint8Array(256);
  for (const byte of Buffer.from(characters, "latin1")) set[byte] = 1;
  return set;
}

const decimal = "0123456789";
const lowerCase = "abcdefghijklmnopqrstuvwxyz";
const inPaths = setOf(`${decimal}${lowerCase}${lowerCase.toUpperCase()}_.+~:%@=,-`);
const inDigests = setOf(`${decimal}abcdef`);
