import type { SignedBy } from "./source-entry.ts";

const keyStart = "-----BEGIN PGP PUBLIC KEY BLOCK-----";
const keyEnd = "-----END PGP PUBLIC KEY BLOCK-----";

/** Returns true for the lines of a field that are a key and not the names of keys. */
export const isInlineKey = (lines: readonly string[]): boolean => lines.includes(keyStart);

/** Reads an armored key from the lines of a field, in which "." is an empty line. Undefined if it has no end. */
export function parseInlineKey(lines: readonly string[]): SignedBy | undefined {
  const armored = lines.slice(lines.indexOf(keyStart), lines.lastIndexOf(keyEnd) + 1);
  const key = armored.map((line) => (line === "." ? "\n" : `${line}\n`)).join("");
  return armored.length === 0 ? undefined : { paths: [], fingerprints: [], key };
}

/** Reads paths and fingerprints. Returns the word that is neither, if there is one. */
export function parseKeyNames(words: readonly string[]): SignedBy | { readonly unknown: string } {
  const paths = words.filter((word) => word.startsWith("/"));
  const others = words.filter((word) => !word.startsWith("/"));
  const unknown = others.find((word) => !/^(?:[0-9A-F]{40}|[0-9A-F]{64})!?$/i.test(word));
  if (unknown !== undefined) return { unknown };
  return { paths, fingerprints: others.map((word) => word.toUpperCase()), key: undefined };
}
