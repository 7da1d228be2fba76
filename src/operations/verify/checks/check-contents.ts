import { join } from "node:path";
import {
  type ContentsReading,
  listPlainly,
  openContents,
  openTreeOnDisk,
  recordedReading,
} from "../../../contents/index.ts";
import { countsVersions } from "../../../plan/index.ts";
import { inodeIfAny } from "../../../platform/look.ts";
import { Suite } from "../../../repository/index.ts";
import { checkFiles, checkPlanned } from "./check-files.ts";
import { type CheckedIndices, checkIndices } from "./check-indices.ts";
import { type CheckedSuite, checkSignatures } from "./check-signatures.ts";
import { type Findings, noFindings, orFault, sumOf } from "./findings.ts";
import { listedBySync } from "./listed-by-sync.ts";
import type { OpenTree } from "./tree.ts";
import type { Verification } from "./verification.ts";

/** Checks signatures, the indices that they cover, and the files that these list: each as far as the one before is good. */
export async function checkContents(verification: Verification, tree: OpenTree): Promise<Findings> {
  const suites: CheckedSuite[] = [];
  for (const suite of suitesOf(verification, tree))
    suites.push(await checkSignatures(verification, tree, suite));
  if (suites.length === 0) return { ...noFindings, faults: [{ kind: "no-release" }], isPartial: true };
  const indices = await checkIndices(verification, tree, suites);
  const files = await orFault(
    () => checkListed(verification, tree, suites, indices),
    (fault) => fault,
  );
  return sumOf([...suites, indices, files]);
}

/** Returns the suites of the tree; if they are not recorded, those that it has a Release of. */
function suitesOf({ mirror }: Verification, { facts, releases, path }: OpenTree): readonly Suite[] {
  if (facts !== undefined) return suitesNamed(facts.suites);
  const existing = suitesNamed(mirror.suites).filter((suite) =>
    (["InRelease", "Release"] as const).some((name) => inodeIfAny(join(path, suite.path(name)))),
  );
  return [
    ...new Map([...suitesNamed(releases.keys()), ...existing].map((suite) => [suite.root, suite])).values(),
  ];
}

const suitesNamed = (names: Iterable<string>): readonly Suite[] => [...names].map((name) => new Suite(name));

async function checkListed(
  verification: Verification,
  tree: OpenTree,
  suites: readonly CheckedSuite[],
  { held, paths, isPartial }: CheckedIndices,
): Promise<Findings> {
  const reading = readingOf(verification, tree);
  const files = openTreeOnDisk(tree.path, verification);
  if (!verification.deep && !verification.strangers) {
    const listed = listedBySync(verification, tree, held, reading);
    const plan = listed ?? (await listPlainly(files, held, { filters: reading.filters, isCompared: false }));
    if (plan !== undefined) return await checkPlanned(verification, tree, plan.files());
  }
  const listed = await openContents(files, held, reading).listFiles();
  // Filters choose among all packages: without those of one index they may keep others.
  const mayBeLeftOut = isPartial && countsVersions(reading.filters);
  const isKnown = verification.strangers && !isPartial;
  const metadata = isKnown ? [...suites.flatMap((suite) => suite.paths), ...paths] : undefined;
  return await checkFiles(verification, tree, listed, metadata, mayBeLeftOut);
}

/** Returns how the sync that made the tree read its indices; if that is not recorded, how a sync would now. */
function readingOf({ mirror: { filters, allow } }: Verification, { facts }: OpenTree): ContentsReading {
  return facts === undefined ? { filters, allowWeak: allow.weak } : recordedReading(facts);
}
