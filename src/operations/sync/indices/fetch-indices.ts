import type { SuiteContents } from "../../../contents/index.ts";
import {
  findVariantsLeftOut,
  type IndexSelection,
  selectMirrorIndices,
  type WantedIndex,
} from "../../../plan/index.ts";
import { mapBounded } from "../../../platform/flow/map-bounded.ts";
import type { RepositoryPath } from "../../../repository/index.ts";
import { variantsToAdd } from "../../variants-left-out.ts";
import type { Intake } from "../files/intake.ts";
import type { SuiteRelease } from "../release/suite-release.ts";
import type { LookContext } from "../sync-context.ts";
import { type FetchedIndex, fetchIndex, type LeftOut } from "./fetch-index.ts";

type IndexPorts = Pick<LookContext, "mirror" | "emit">;

export interface FetchedIndices {
  /** What the tree has of the suite. */
  readonly contents: SuiteContents;
  /** Paths of the listed forms that the tree does not have, for any reason. */
  readonly missing: readonly RepositoryPath[];
}

/** A suite, and the indices that are wanted of it. */
export interface SelectedSuite extends SuiteRelease {
  readonly selection: IndexSelection;
}

/** Selects the indices of all suites. Warns about what they lack, and about variants that are left out. */
export function selectSuites(
  context: IndexPorts,
  releases: readonly SuiteRelease[],
): readonly SelectedSuite[] {
  const { mirror, emit } = context;
  const selections = selectMirrorIndices(releases, mirror);
  warnOfVariants(context, releases);
  return releases.flatMap((release, index) => {
    const selection = selections[index];
    if (selection === undefined) return [];
    for (const note of selection.notes) emit({ type: "suite-noted", suite: release.suite.name, note });
    return [{ ...release, selection }];
  });
}

export function warnOfVariants({ mirror, emit }: IndexPorts, releases: readonly SuiteRelease[]): void {
  for (const variant of variantsToAdd(mirror.architectures, findVariantsLeftOut(releases, mirror)))
    emit({ type: "variant-left-out", ...variant });
}

/**
 * Downloads the selected indices of a suite, in every compressed form that upstream has. Warns about those that are left
 * out because clients do not need them.
 */
export async function fetchIndices(
  context: IndexPorts & Pick<LookContext, "downloads" | "maxConns">,
  suite: SelectedSuite,
  intake: Intake,
): Promise<FetchedIndices> {
  const { selection } = suite;
  intake.assertRoomFor(selection.indices);
  const fetched = await mapBounded(selection.indices, context.maxConns, (wanted) =>
    fetchIndex(context, suite, intake, wanted),
  );
  const leftOut = fetched.filter((result) => result.kind === "left-out");
  reportLeftOut(context, suite.suite.name, leftOut);
  return {
    contents: {
      suite: suite.suite,
      release: suite.release,
      indices: fetched.flatMap((one) => (one.kind === "fetched" ? one.held : [])),
    },
    missing: selection.indices.flatMap((wanted, index) => missingOf(suite, wanted, fetched[index])),
  };
}

/** Returns the forms that are not in the tree. The plain form is not missing beside a compressed one. */
function missingOf(
  { suite }: SuiteRelease,
  { compressed, plain }: WantedIndex,
  result: FetchedIndex | LeftOut | undefined,
): readonly RepositoryPath[] {
  const had = new Set(result?.kind === "fetched" ? result.held.forms.map(({ path }) => path) : []);
  const listed = compressed.map(({ entry }) => suite.path(entry.name));
  if (plain !== undefined && had.size === 0) listed.push(suite.path(plain.name));
  return listed.filter((path) => !had.has(path));
}

/** Emits one event for each reason. Does not report an absent empty index: apt never requests one. */
function reportLeftOut({ emit }: Pick<IndexPorts, "emit">, suite: string, leftOut: readonly LeftOut[]): void {
  for (const because of ["absent", "weak", "different"] as const) {
    const names = leftOut.filter((index) => index.because === because).map(({ name }) => name);
    if (names.length > 0) emit({ type: "indices-left-out", suite, because, names: names.toSorted() });
  }
}
