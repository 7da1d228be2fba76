import { equal, match, ok } from "node:assert/strict";
import { MirrorctlError } from "../../../src/errors.ts";
import {
  type Digests,
  digestAlgorithms,
  encodePath,
  type ListedFile,
  parseRepositoryPath,
  type RepositoryPath,
} from "../../../src/repository/index.ts";
import { Random } from "../../support/random.ts";
import type { Outcome } from "../engine/target.ts";

/** The result of reading: a value, or a refusal in mirrorctl's own words. Anything else that is thrown is a defect. */
export type Attempt<Value> =
  | { readonly kind: "accepted"; readonly value: Value }
  | { readonly kind: "refused"; readonly error: MirrorctlError };

export function attempt<Value>(read: () => Value): Attempt<Value> {
  try {
    return { kind: "accepted", value: read() };
  } catch (error) {
    return refusedBy(error);
  }
}

export async function attemptAsync<Value>(read: () => Promise<Value>): Promise<Attempt<Value>> {
  try {
    return { kind: "accepted", value: await read() };
  } catch (error) {
    return refusedBy(error);
  }
}

/** Checks that a message is one line that can be logged, for any input. */
function refusedBy(error: unknown): Attempt<never> {
  if (!(error instanceof MirrorctlError)) throw error;
  ok(error.message.length < 2_000, `a message of ${error.message.length} characters`);
  ok(!/\p{Cc}/u.test(error.message), `a control character in ${JSON.stringify(error.message)}`);
  return { kind: "refused", error };
}

/** Throws if two ways to read one input differ. */
export function sameAttempt<Value>(one: Attempt<Value>, other: Attempt<Value>, what: string): void {
  equal(textOf(one), textOf(other), what);
}

function textOf(result: Attempt<unknown>): string {
  if (result.kind === "accepted") return JSON.stringify(result.value);
  return `${result.error.code}: ${result.error.message}`;
}

export const accepted = (...words: readonly (string | number | boolean)[]): Outcome => ({
  kind: "accepted",
  word: words.map((word) => (typeof word === "number" ? roughly(word) : word)).join(" "),
});

/** Returns the kind of error and the pattern of its message, without quotations and numbers. */
export const refused = ({ code, message }: MirrorctlError): Outcome => ({
  kind: "refused",
  word: `${code} ${message.replaceAll(/"(?:[^"\\]|\\.)*"/g, '"').replaceAll(/0x[0-9A-F]+|[0-9]+/g, "0")}`.slice(
    0,
    120,
  ),
});

/** Returns the class of a number: 0, 1, 2, 3, 4+, 8+, 16+, … */
const roughly = (count: number): number => (count < 4 ? count : 2 ** Math.floor(Math.log2(count)));

const piecesMax = 64;

/** Splits the input at positions that its own bytes determine. */
export function inPieces(input: Uint8Array): readonly Uint8Array[] {
  const random = new Random(input.reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193), 0x811c9dc5));
  const pieceBytesMin = Math.ceil(input.length / piecesMax);
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < input.length; ) {
    const end = at + pieceBytesMin + random.below(random.pick([1, 2, 8, 64]));
    pieces.push(input.subarray(at, end));
    at = end;
  }
  return pieces;
}

/** Throws for a path that a mirror must not store files under. */
export function checkPath(path: string): void {
  match(path, /^[^/]/);
  for (const segment of path.split("/")) {
    ok(segment !== "" && segment !== "." && segment !== "..", `the segment "${segment}"`);
    ok(Buffer.byteLength(segment) <= 255, "a segment of more than 255 bytes");
  }
  ok(!/[\p{Cc}\\]/u.test(path), "a control character or a backslash");
  ok(path.isWellFormed(), "half a character");
}

/** Returns a path as the bytes in metadata, in latin1. */
export const latin1 = (path: string): string => Buffer.from(path).toString("latin1");

/** Encodes white space at both ends, so that it is not lost: it may be there between slashes. */
export const printedPath = (path: string): string => `./${latin1(path)}/`;

const digestPatterns = {
  md5: /^[0-9a-f]{32}$/,
  sha1: /^[0-9a-f]{40}$/,
  sha256: /^[0-9a-f]{64}$/,
  sha512: /^[0-9a-f]{128}$/,
} as const;

export function checkDigestForms(digests: Digests): void {
  for (const algorithm of digestAlgorithms) {
    const digest = digests[algorithm];
    if (digest !== undefined) match(digest, digestPatterns[algorithm]);
  }
}

export function checkSize(sizeBytes: number): void {
  ok(Number.isSafeInteger(sizeBytes) && sizeBytes >= 0, `the size ${sizeBytes}`);
}

export function checkListedFile({ path, sizeBytes, digests }: ListedFile): void {
  checkPath(path);
  equal(parseRepositoryPath(latin1(path)), path, "a path that is read otherwise than it was written");
  checkUrl(path);
  if (sizeBytes !== undefined) checkSize(sizeBytes);
  ok(Object.keys(digests).length > 0, "no digest");
  checkDigestForms(digests);
}

/** Throws if the path of a URL is not that of the file, or not below the base. */
export function checkUrl(path: RepositoryPath): void {
  const url = new URL(`http://host/base/${encodePath(path)}`);
  equal(url.origin + url.search + url.hash, "http://host", "a part of a URL other than its path");
  equal(decodeURIComponent(url.pathname), `/base/${path}`, "another path in the URL");
}
