import type { Listing } from "../../../plan/index.ts";
import { type Digests, digestAlgorithms } from "../../../repository/index.ts";
import type { Contradiction } from "./findings.ts";

/** Every listed digest of a file that its bytes do not have. */
export function contradictionsOf(
  path: string,
  found: Digests,
  listings: readonly Listing[],
): readonly Contradiction[] {
  return listings.flatMap(({ source, digests }) =>
    digestAlgorithms.flatMap((algorithm) => {
      const [wanted, actual] = [digests[algorithm], found[algorithm]];
      if (wanted === undefined || actual === undefined || wanted === actual) return [];
      return [{ path, source, algorithm, listed: wanted, found: actual }];
    }),
  );
}

/** One digest of each algorithm that any of the listings has: what has to be computed to compare with all of them. */
export const algorithmsOf = (listings: readonly Listing[]): Digests =>
  listings.reduce<Digests>((all, { digests }) => ({ ...all, ...digests }), {});
