/** What must hold of Packages and Sources alike, of which each record names files with digests. */
import { ok } from "node:assert/strict";
import { hasStrongDigest, type ListedFile } from "../../../src/repository/index.ts";
import { type Attempt, attempt, checkListedFile, inPieces, sameAttempt } from "./properties.ts";

/** Reads a list that comes in these pieces. */
export type ReadList<Entry> = (pieces: readonly Uint8Array[], allowWeak: boolean) => Entry[];

interface Readings<Entry> {
  /** As upstreams are read that have strong digests. */
  readonly strict: Attempt<Entry[]>;
  readonly weak: Attempt<Entry[]>;
}

/** Cut elsewhere, the input means the same; and what is read without weak digests is read with them too. */
export function readBothWays<Entry>(input: Uint8Array, read: ReadList<Entry>): Readings<Entry> {
  const strict = attempt(() => read([input], false));
  sameAttempt(
    attempt(() => read(inPieces(input), false)),
    strict,
    "read in pieces",
  );
  const weak = attempt(() => read([input], true));
  if (strict.kind === "accepted") sameAttempt(weak, strict, "with weak digests allowed");
  return { strict, weak };
}

/** Throws for a file that must not be fetched as it is listed. */
export function checkFileOf(file: ListedFile, strict: Attempt<unknown>): void {
  checkListedFile(file);
  ok(strict.kind === "refused" || hasStrongDigest(file.digests), "no strong digest");
}

/** What was read, printed plainly, is read again as it was. */
export function checkReadAgain<Entry>(
  read: ReadList<Entry>,
  printed: readonly string[],
  value: Entry[],
): void {
  const bytes = Buffer.from(printed.join("\n"), "latin1");
  sameAttempt(
    attempt(() => read([bytes], true)),
    { kind: "accepted", value },
    "printed and read again",
  );
}
