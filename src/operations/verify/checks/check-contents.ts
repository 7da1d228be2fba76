import { join } from "node:path";
import { type ContentsReading, openContents, openTreeOnDisk } from "../../../contents/index.ts";
import { inodeIfAny } from "../../../platform/files.ts";
import { type SignatureFileName, Suite } from "../../../repository/index.ts";
import { checkFiles, findStrangers } from "./check-files.ts";
import { type CheckedIndices, checkIndices } from "./check-indices.ts";
import { type CheckedSuite, checkSignatures } from "./check-signatures.ts";
import { type Findings, noFindings, type OpenTree, orFault, sumOf } from "./findings.ts";
import type { Verification } from "./verification.ts";

/** Signatures, the indices that they cover, the files that these name: each as far as what it hangs by is whole. */
export async function checkContents(verification: Verification, tree: OpenTree): Promise<Findings> {
  const suites: CheckedSuite[] = [];
  for (const suite of suitesOf(verification, tree))
    suites.push(await checkSignatures(verification, tree, suite));
  if (suites.length === 0) return { ...noFindings, faults: ["there is no Release in it"], isPartial: true };
  const indices = await checkIndices(verification, tree, suites);
  const files = await orFault(
    () => checkListed(verification, tree, suites, indices),
    (fault) => fault,
  );
  return sumOf([...suites, indices, files]);
}

/** Where they are not recorded: those that it has a Release of. */
function suitesOf({ context }: Verification, { facts, releases, path }: OpenTree): readonly string[] {
  if (facts !== undefined) return facts.suites;
  const has = (suite: string, name: SignatureFileName): boolean =>
    inodeIfAny(join(path, new Suite(suite).path(name))) !== undefined;
  const standing = context.mirror.suites.filter((suite) => has(suite, "InRelease") || has(suite, "Release"));
  const byRoot = new Map([...releases.keys(), ...standing].map((suite) => [new Suite(suite).root, suite]));
  return [...byRoot.values()];
}

async function checkListed(
  verification: Verification,
  tree: OpenTree,
  suites: readonly CheckedSuite[],
  { held, paths, isPartial }: CheckedIndices,
): Promise<Findings> {
  const reading = readingOf(verification, tree);
  const contents = openContents(openTreeOnDisk(tree.path, verification.context), held, reading);
  const listed = await contents.listFiles();
  // Filters choose among all packages: without those of one index they may keep others.
  const mayBeLeftOut = isPartial && reading.filters.keepVersions > 0;
  const files = await checkFiles(verification, tree, listed, mayBeLeftOut);
  if (isPartial) return files;
  const metadata = [...suites.flatMap((suite) => suite.paths), ...paths];
  const strangers = await findStrangers(verification, tree, listed, metadata);
  return { ...files, remarks: [...files.remarks, ...strangers] };
}

/** As the sync that made the tree read its indices; where that is not recorded, as a sync would now. */
function readingOf({ context }: Verification, tree: OpenTree): ContentsReading {
  const { filters, allow } = context.mirror;
  const then = tree.facts?.filters;
  return {
    allowWeak: tree.facts?.allowWeak ?? allow.weak,
    filters:
      then === undefined
        ? filters
        : { ...then, excludePatterns: then.excludePatterns.map((pattern) => new RegExp(pattern)) },
  };
}
