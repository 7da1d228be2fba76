import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface CorpusFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Inputs that are part of the repository, one directory for each target. */
export const keptCorpus = join(import.meta.dirname, "../corpus");
const cacheDir = join(import.meta.dirname, "../../../.cache/fuzz");
/** Inputs that former runs on this machine found worth keeping. */
export const workCorpus = join(cacheDir, "corpus");
export const findingsDir = join(cacheDir, "findings");

/** Returns them in the order of their names, so that a seed always meets the same corpus. */
export function readCorpus(dir: string): readonly CorpusFile[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir)
    .toSorted()
    .map((name) => ({ name, bytes: readFileSync(join(dir, name)) }));
}

/** Writes an input under a name made from its bytes. Returns the path. */
export function writeInput(dir: string, input: Uint8Array): string {
  const path = join(dir, nameOf(input));
  mkdirSync(dir, { recursive: true });
  writeFileSync(path, input);
  return path;
}

/** Returns true for a file that a person added: its name is not that of `writeInput`. */
export const isGiven = ({ name, bytes }: CorpusFile): boolean => name !== nameOf(bytes);

const nameOf = (input: Uint8Array): string => createHash("sha256").update(input).digest("hex").slice(0, 12);
