import {
  expectedForms,
  expectedIndices,
  MissingReleaseError,
  openRecordedTree,
  openTreeOnDisk,
  openUnrecordedTree,
  recordedReading,
  type SuiteContents,
  type TreeFacts,
  type TreeFiles,
} from "../../contents/index.ts";
import { MirrorctlError } from "../../errors.ts";
import { SnapshotError } from "../../snapshot/index.ts";
import type { Ports } from "../context.ts";
import type { FoundTree } from "./find-tree.ts";
import { type OpenedTree, packagesOf, type TreePackages } from "./tree-packages.ts";

type OpenPorts = Ports<"mirror" | "signal" | "decoderCommands">;

/**
 * Opens the packages of a tree. Throws a SnapshotError if the tree lacks a Release or an index (TREE_DAMAGED), or if one
 * cannot be read (TREE_UNREADABLE): its packages would look removed.
 */
export function openPackages({ mirror, ...ports }: OpenPorts, tree: FoundTree): TreePackages {
  const failed = (error: unknown): unknown => {
    tree.assertUnchanged(); // a tree that was removed meanwhile is not damaged
    if (error instanceof MissingReleaseError)
      return lacks(mirror.id, tree.name, [`the Release of ${error.suite}`]);
    return error instanceof MirrorctlError && !(error instanceof SnapshotError)
      ? unreadable(mirror.id, tree.name, error)
      : error;
  };
  try {
    const packages = packagesOf(openFoundTree({ mirror, ...ports }, tree));
    return {
      ...packages,
      async *read(index) {
        try {
          yield* packages.read(index);
        } catch (error) {
          throw failed(error);
        }
      },
    };
  } catch (error) {
    throw failed(error);
  }
}

/** Opens a tree. Throws TREE_DAMAGED if it lacks a Release or an index of packages or sources. */
export function openFoundTree({ mirror, ...ports }: OpenPorts, tree: FoundTree): OpenedTree {
  const { name, path, facts, suites } = tree;
  const files = openTreeOnDisk(path, ports);
  if (facts === undefined) {
    // The nearest to what its sync did is what the configuration says now.
    const reading = { filters: mirror.filters, allowWeak: mirror.allow.weak, missing: [] };
    return { contents: openUnrecordedTree(files, suites, reading), reading };
  }
  const contents = openRecordedTree(files, facts);
  const lacking = contents.suites.flatMap((suite) => lackingIndices(files, suite, facts));
  if (lacking.length > 0) throw lacks(mirror.id, name, lacking);
  return { contents, reading: recordedReading(facts) };
}

function lackingIndices(files: TreeFiles, suite: SuiteContents, facts: TreeFacts): readonly string[] {
  const held = new Set(suite.indices.map(({ wanted }) => wanted.name));
  return expectedIndices(suite, facts)
    .filter(({ kind }) => kind === "packages" || kind === "sources")
    .filter((wanted) => !held.has(wanted.name) && expectedForms(files, suite, wanted, facts).length > 0)
    .map(({ name }) => `${name} of ${suite.suite.name}`);
}

const lacks = (id: string, name: string, lacking: readonly string[]): SnapshotError =>
  new SnapshotError("TREE_DAMAGED", `${name} of ${id} lacks ${lacking.join(" and ")}`, {
    hint: `To see what else: mirrorctl snapshot verify ${id}. With --repair it is downloaded again.`,
  });

const unreadable = (id: string, name: string, cause: MirrorctlError): SnapshotError =>
  new SnapshotError("TREE_UNREADABLE", `${name} of ${id} cannot be read: ${cause.message}`, {
    facts: cause.facts,
    hint: [
      ...(cause.hint === undefined ? [] : [cause.hint]),
      `Check it: mirrorctl snapshot verify ${id}`,
    ].join("\n"),
    cause,
  });
