import * as v from "valibot";

const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const texts = v.array(v.string());

const pattern = v.pipe(v.string(), v.check(isRegularExpression));

function isRegularExpression(text: string): boolean {
  try {
    RegExp(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/**
 * What decided which files a tree has, as of the sync that made it: the configuration may differ by now. Signed metadata
 * does not say this.
 */
const treeFacts = v.object({
  suites: texts,
  sections: texts,
  architectures: texts,
  source: v.boolean(),
  kinds: v.object({
    contents: v.boolean(),
    translations: v.boolean(),
    dep11: v.boolean(),
    cnf: v.boolean(),
    installer: v.boolean(),
  }),
  filters: v.object({
    keepVersions: v.number(),
    keepSourceVersions: v.exactOptional(v.number()),
    excludePatterns: v.array(pattern),
  }),
  allowWeak: v.boolean(),
  /** Paths that upstream listed and did not have: forms of indices and, with allow_missing, packages. */
  missing: texts,
  /** SHA-256 of InRelease, Release and Release.gpg of each suite, by path: no signed list has these. */
  signatureFiles: v.record(v.string(), sha256),
});

export type TreeFacts = v.InferOutput<typeof treeFacts>;

/** Reads facts in a larger record. Facts that cannot be read do not make the record unreadable. */
export const treeFactsIfAny = v.fallback(v.optional(treeFacts), undefined);
