/** Properties of both Packages and Sources, whose records name files with digests. */
import { ok } from "node:assert/strict";
import { hasStrongDigest, type ListedFile } from "../../../src/repository/index.ts";
import { type Attempt, attempt, checkListedFile, inPieces, sameAttempt } from "./properties.ts";

/** Reads a list that arrives in these pieces. */
export type ReadList<Entry> = (pieces: readonly Uint8Array[], allowWeak: boolean) => Entry[];

interface Readings<Entry> {
  /** Reads as from upstreams with strong digests. */
  readonly strict: Attempt<Entry[]>;
  readonly weak: Attempt<Entry[]>;
}

/** Other chunk boundaries do not change the result; and what is read without weak digests is also read with them. */
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

/** Throws for a file that must not be downloaded as listed. */
export function checkFileOf(file: ListedFile, strict: Attempt<unknown>): void {
  checkListedFile(file);
  ok(strict.kind === "refused" || hasStrongDigest(file.digests), "no strong digest");
}

/** Checks that printed records are read again unchanged. */
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
