import type { HeldIndex } from "../../contents/index.ts";
import {
  type Candidate,
  installabilityFields,
  type PackageFields,
  type Universe,
  UniverseBuilder,
} from "../../installability/index.ts";
import { filtersPackages } from "../../plan/index.ts";
import { compareVersions } from "../../repository/index.ts";
import type { OpenedTree } from "../trees/index.ts";
import { indicesFor, type ServedMachine } from "./machines.ts";

/** The trees that a machine finds packages in. Those of the first one are checked. */
export type MachineTrees<Tree extends OpenedTree = OpenedTree> = readonly [Tree, ...Tree[]];

/** What a machine can choose from, and what should be checked. */
export interface MachinePackages {
  readonly universe: Universe;
  /** Packages of the first tree. */
  readonly roots: readonly Candidate[];
}

interface ReadOptions {
  /** Check each version, and suites that clients do not install from without being asked. */
  readonly all?: boolean;
  /** Leaves out packages. */
  readonly isWanted?: (stanza: PackageFields) => boolean;
}

/**
 * Reads the packages that a machine finds in several trees. Those of the first tree are checked: with `all` each one,
 * otherwise the newest version of each name in suites that clients install from without being asked.
 */
export async function readMachinePackages(
  trees: MachineTrees,
  machine: ServedMachine,
  { all = false, isWanted = () => true }: ReadOptions,
): Promise<MachinePackages> {
  const builder = new UniverseBuilder(machine);
  const roots = new Set<Candidate>();
  for (const tree of trees) {
    const isThere = await presenceIn(tree);
    for (const { index, isInstalledFrom } of indicesReadBy(machine, tree)) {
      const isChecked = tree === trees[0] && (all || isInstalledFrom);
      for await (const { stanza } of tree.contents.packages(fields, index)) {
        if (!isWanted(stanza) || !isThere(index, stanza)) continue;
        const candidate = builder.add(stanza);
        if (isChecked && candidate?.countsAs === machine.native) roots.add(candidate);
      }
    }
  }
  return { universe: builder.build(), roots: all ? [...roots] : newestOf(roots) };
}

/** Returns the indices that a machine reads of a tree, and whether clients install from them without being asked. */
export const indicesReadBy = (
  machine: ServedMachine,
  { contents }: OpenedTree,
): readonly { readonly index: HeldIndex; readonly isInstalledFrom: boolean }[] =>
  contents.suites.flatMap((suite) =>
    indicesFor(machine, suite).map((index) => ({ index, isInstalledFrom: !suite.release.notAutomatic })),
  );
const fields = [...installabilityFields, "filename"] as const;

interface Listed {
  get(field: (typeof fields)[number]): string | undefined;
}

/** Returns whether a tree has a listed package: the filters may have left it out, and upstream may have lacked it. */
async function presenceIn({
  contents,
  reading: { filters, missing: lacked = [] },
}: OpenedTree): Promise<(index: HeldIndex, stanza: Listed) => boolean> {
  const missing = new Set(lacked);
  const { leftOut } = filtersPackages(filters) ? await contents.listFiles() : { leftOut: [] };
  const left = new Set(
    leftOut.map(({ item, source }) => {
      const architecture = "architecture" in item ? item.architecture : "";
      return [source, item.name, item.version, architecture].join(" ");
    }),
  );
  return ({ name, suite }, stanza) => {
    const path = missing.size === 0 ? "" : (stanza.get("filename") ?? "");
    if (missing.has(path) || missing.has(`${suite.root}/${path}`)) return false; // of a flat suite, see flat-paths.ts
    if (left.size === 0) return true;
    const id = [stanza.get("package"), stanza.get("version"), stanza.get("architecture")];
    return !left.has([name, ...id].join(" "));
  };
}

function newestOf(candidates: Iterable<Candidate>): readonly Candidate[] {
  const newest = new Map<string, Candidate>();
  const all = [...candidates];
  for (const one of all) {
    const best = newest.get(one.name);
    if (best === undefined || compareVersions(one.version, best.version) > 0) newest.set(one.name, one);
  }
  return all.filter(({ name, version }) => newest.get(name)?.version === version);
}
