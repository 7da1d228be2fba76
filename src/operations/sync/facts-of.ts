import type { MirrorConfig } from "../../config/index.ts";
import type { TreeFacts } from "../../contents/index.ts";
import { digestsOf } from "../../platform/running-digests.ts";
import type { FilledTree } from "./fill-tree.ts";
import type { SuiteRelease } from "./release/suite-release.ts";

/** What will have to be known of a tree to tell what was never there from what was lost. */
export function factsOf(
  { suites, sections, architectures, source, kinds, filters, allow }: MirrorConfig,
  releases: readonly SuiteRelease[],
  { missingForms, broken }: Pick<FilledTree, "missingForms" | "broken">,
): TreeFacts {
  const { keepVersions, excludePatterns } = filters;
  const signatureFiles = releases.flatMap(({ suite, files }) =>
    files.map(({ name, bytes }) => [suite.path(name), digestsOf(bytes).sha256] as const),
  );
  return {
    suites: [...suites],
    sections: [...sections],
    architectures: [...architectures],
    source,
    kinds: { ...kinds },
    filters: { keepVersions, excludePatterns: excludePatterns.map((pattern) => pattern.source) },
    allowWeak: allow.weak,
    missing: [...missingForms, ...broken.map(({ file }) => file.path)],
    signatureFiles: Object.fromEntries(signatureFiles),
  };
}
