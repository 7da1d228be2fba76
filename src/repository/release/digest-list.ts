import { type DigestAlgorithm, parseDigest } from "../digests.ts";
import { RepositoryError } from "../errors.ts";
import { quote, splitWords } from "../text.ts";

/** One line of a list of digests, as Release and Sources have them. */
export interface DigestLine {
  readonly digest: string;
  readonly sizeBytes: number;
  /** Latin1 text, not yet known to be safe. */
  readonly name: string;
  /** True where hexadecimal digits were upper-case, which apt never matches. */
  readonly isUpperCase: boolean;
}

/** A line of a list, before its digest and size are read. */
interface Columns {
  readonly hex: string;
  readonly size: string;
  readonly name: string;
}

/** Reads the lines `DIGEST SIZE NAME` of a field; throws FIELD_MALFORMED where a line has not just these three. */
export function parseDigestList(algorithm: DigestAlgorithm, value: string): DigestLine[] {
  return value
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => parseLine(algorithm, line));
}

/** Reads a size in bytes: a whole number, in decimal digits. */
export function parseSizeBytes(text: string): number {
  const sizeBytes = /^[0-9]+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(sizeBytes)) return sizeBytes;
  throw new RepositoryError("FIELD_MALFORMED", `not a size in bytes: ${quote(text)}`);
}

function parseLine(algorithm: DigestAlgorithm, line: string): DigestLine {
  return readColumns(algorithm, splitColumns(line));
}

/** The three columns of a line, whatever is in them; throws FIELD_MALFORMED where it has not just three. */
export function splitColumns(line: string): Columns {
  const [hex, size, name, ...rest] = splitWords(line);
  if (hex === undefined || size === undefined || name === undefined || rest.length > 0) {
    throw new RepositoryError("FIELD_MALFORMED", `not a line of digest, size and name: ${quote(line)}`);
  }
  return { hex, size, name };
}

/** Throws FIELD_MALFORMED or DIGEST_MALFORMED for columns that are no digest and no size. */
export function readColumns(algorithm: DigestAlgorithm, { hex, size, name }: Columns): DigestLine {
  const digest = parseDigest(algorithm, hex);
  return { digest, sizeBytes: parseSizeBytes(size), name, isUpperCase: digest !== hex };
}
