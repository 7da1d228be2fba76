import { isDeepStrictEqual } from "node:util";
import { MirrorctlError } from "../../errors.ts";
import { differingIndices, listsPackages, type SuiteOfTree } from "../../plan/index.ts";
import { Suite } from "../../repository/index.ts";
import { readSuiteRelease } from "../../snapshot/index.ts";
import type { Ports } from "../context.ts";
import type { FoundTree } from "./shown.ts";

/** The difference between staging and production, as far as Releases and records show it. */
export type Difference =
  | { readonly kind: "same-tree" }
  /** Two trees with the same indices, and so the same packages. */
  | { readonly kind: "same-indices" }
  /** The same packages, but other translations, contents or the like. */
  | { readonly kind: "other-indices"; readonly suites: readonly string[] }
  /** The number of packages is unknown: that would need a walk over the trees. */
  | { readonly kind: "packages"; readonly suites: readonly string[] }
  /** A Release cannot be read. */
  | { readonly kind: "unknown"; readonly suites: readonly string[] };

/** Returns undefined if one of the two shows nothing. */
export function compareShown(
  { mirror }: Ports<"mirror">,
  staging: FoundTree | undefined,
  production: FoundTree | undefined,
): Difference | undefined {
  if (staging === undefined || production === undefined) return undefined;
  if (staging.path === production.path) return { kind: "same-tree" };
  const suites = new Set([staging, production].flatMap(({ facts }) => facts?.suites ?? mirror.suites));
  const found = [...suites].map((suite) => ({ suite, how: compareSuite(suite, staging, production) }));
  for (const kind of ["packages", "unknown", "other-indices"] as const) {
    const those = found.filter(({ how }) => how === kind).map(({ suite }) => suite);
    if (those.length > 0) return { kind, suites: those };
  }
  return { kind: "same-indices" };
}

type SuiteDifference = "same" | Exclude<Difference["kind"], "same-tree" | "same-indices">;

function compareSuite(suite: string, a: FoundTree, b: FoundTree): SuiteDifference {
  const recorded = compareRecorded(suite, a, b);
  if (recorded !== undefined) return recorded;
  const [ofA, ofB] = [suiteOf(suite, a), suiteOf(suite, b)];
  if (ofA === undefined || ofB === undefined) return ofA === ofB ? "unknown" : "packages";
  if (!haveSameFilters(a, b)) return "packages";
  try {
    const indices = differingIndices(ofA, ofB);
    if (indices.some(listsPackages)) return "packages";
    return indices.length > 0 ? "other-indices" : "same";
  } catch (error) {
    if (!(error instanceof MirrorctlError)) throw error;
    return "unknown";
  }
}

/** Compares what the records of two snapshots say. Undefined if that is not enough. */
function compareRecorded(suite: string, a: FoundTree, b: FoundTree): SuiteDifference | undefined {
  const [ofA, ofB] = [a.indexDigests?.[suite], b.indexDigests?.[suite]];
  if (ofA?.packages === undefined || ofB?.packages === undefined) return undefined;
  if (ofA.packages !== ofB.packages || !haveSameFilters(a, b)) return "packages";
  if (ofA.others === undefined || ofB.others === undefined) return undefined;
  return ofA.others === ofB.others ? "same" : "other-indices";
}

function haveSameFilters(a: FoundTree, b: FoundTree): boolean {
  const [leftOutOfA, leftOutOfB] = [a, b].map(({ facts }) => [facts?.filters, facts?.missing]);
  return isDeepStrictEqual(leftOutOfA, leftOutOfB);
}

function suiteOf(suite: string, { path, facts }: FoundTree): SuiteOfTree | undefined {
  const release = readSuiteRelease(path, suite);
  return release && { suite: new Suite(suite), release, selection: facts };
}
