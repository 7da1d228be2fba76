/** Releases for tests. Only tests import this. */
import { parseRelease, type Release } from "./release.ts";

export const md5 = (digit: string): string => digit.repeat(32);
export const sha1 = (digit: string): string => digit.repeat(40);
export const sha256 = (digit: string): string => digit.repeat(64);
export const sha512 = (digit: string): string => digit.repeat(128);

/** Reads a Release that has a Date, and these fields. */
export const release = (fields: string): Release =>
  parseRelease(`Date: Sat, 10 Jun 2023 08:53:33 UTC\n${fields}`, "Release");

/** Reads a Release that lists files by SHA-256, one on each of these lines. */
export const listing = (...lines: readonly string[]): Release =>
  release(`SHA256:\n${lines.map((line) => ` ${line}\n`).join("")}`);
