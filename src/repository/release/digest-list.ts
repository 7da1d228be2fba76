import { type DigestAlgorithm, parseDigest } from "../digests.ts";
import { RepositoryError } from "../errors.ts";
import { quote, splitWords } from "../text.ts";

/** One line of a list of digests, in Release or Sources. */
export interface DigestLine {
  readonly digest: string;
  readonly sizeBytes: number;
  /** Latin1 text, not yet known to be safe. */
  readonly name: string;
  /** True if the digest has upper-case digits, which apt never matches. */
  readonly isUpperCase: boolean;
}

/** A line of a list, before its digest and size are read. */
interface Columns {
  readonly hex: string;
  readonly size: string;
  readonly name: string;
}

/** Reads the lines `DIGEST SIZE NAME` of a field. Throws FIELD_MALFORMED for any other line. */
export function parseDigestList(algorithm: DigestAlgorithm, value: string): DigestLine[] {
  return value
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => parseLine(algorithm, line));
}

/** Reads a size in bytes: a whole number in decimal digits. */
export function parseSizeBytes(text: string): number {
  const sizeBytes = /^[0-9]+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(sizeBytes)) return sizeBytes;
  throw new RepositoryError("FIELD_MALFORMED", `not a size in bytes: ${quote(text)}`);
}

function parseLine(algorithm: DigestAlgorithm, line: string): DigestLine {
  return readColumns(algorithm, splitColumns(line));
}

/** Splits a line into its three columns, without reading them. Throws FIELD_MALFORMED for any other number. */
export function splitColumns(line: string): Columns {
  const [hex, size, name, ...rest] = splitWords(line);
  if (hex === undefined || size === undefined || name === undefined || rest.length > 0) {
    throw new RepositoryError("FIELD_MALFORMED", `not a line of digest, size and name: ${quote(line)}`);
  }
  return { hex, size, name };
}

/** Reads the columns. Throws DIGEST_MALFORMED or FIELD_MALFORMED if digest or size is not one. */
export function readColumns(algorithm: DigestAlgorithm, { hex, size, name }: Columns): DigestLine {
  const digest = parseDigest(algorithm, hex);
  return { digest, sizeBytes: parseSizeBytes(size), name, isUpperCase: digest !== hex };
}
