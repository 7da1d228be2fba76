import { deepEqual } from "node:assert/strict";
import { type AptLibrary, startAptLibrary } from "../../../src/repository/test-support.ts";
import type { Oracle } from "../engine/target.ts";

/** What mirrorctl reads from an input, and what apt reads, in the same form. */
export interface AptQuestion {
  readonly ours: (input: Uint8Array) => unknown;
  readonly apts: (apt: AptLibrary, input: Uint8Array) => Promise<unknown>;
}

export async function openAptOracle({ ours, apts }: AptQuestion): Promise<Oracle> {
  const apt = startAptLibrary();
  return {
    async compare(inputs) {
      for (const input of inputs) deepEqual(ours(input), await apts(apt, input), "apt reads it otherwise");
    },
    [Symbol.asyncDispose]: () => apt[Symbol.asyncDispose](),
  };
}
