import { isDeepStrictEqual } from "node:util";
import { MirrorctlError } from "../../errors.ts";
import { differingIndices, type SuiteOfTree } from "../../plan/index.ts";
import { Suite } from "../../repository/index.ts";
import { readSuiteRelease } from "../../snapshot/index.ts";
import type { MirrorContext } from "../context.ts";
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
  { mirror }: MirrorContext,
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

function compareSuite(
  suite: string,
  a: FoundTree,
  b: FoundTree,
): "same" | Exclude<Difference["kind"], "same-tree" | "same-indices"> {
  const [ofA, ofB] = [suiteOf(suite, a), suiteOf(suite, b)];
  if (ofA === undefined || ofB === undefined) return ofA === ofB ? "unknown" : "packages";
  const [leftOutOfA, leftOutOfB] = [a, b].map(({ facts }) => [facts?.filters, facts?.missing]);
  if (!isDeepStrictEqual(leftOutOfA, leftOutOfB)) return "packages";
  try {
    const indices = differingIndices(ofA, ofB);
    if (indices.some(({ kind }) => kind === "packages" || kind === "sources")) return "packages";
    return indices.length > 0 ? "other-indices" : "same";
  } catch (error) {
    if (!(error instanceof MirrorctlError)) throw error;
    return "unknown";
  }
}

function suiteOf(suite: string, { path, facts }: FoundTree): SuiteOfTree | undefined {
  const release = readSuiteRelease(path, suite);
  return release && { suite: new Suite(suite), release, selection: facts };
}
