import type { HeldIndex } from "../../contents/index.ts";
import {
  type Candidate,
  installabilityFields,
  type Universe,
  UniverseBuilder,
} from "../../installability/index.ts";
import { filtersPackages } from "../../plan/index.ts";
import { compareVersions } from "../../repository/index.ts";
import type { OpenedTree } from "../trees/index.ts";
import { indicesFor, type ServedMachine } from "./machines.ts";

/** What a machine can choose from, and what should be checked. */
export interface MachinePackages {
  readonly universe: Universe;
  /** Packages of the first tree. */
  readonly roots: readonly Candidate[];
}

/**
 * Reads the packages that a machine finds in several trees. Those of the first tree are checked: with `all` each one,
 * otherwise the newest version of each name in suites that clients install from without being asked.
 */
export async function readMachinePackages(
  trees: readonly [OpenedTree, ...OpenedTree[]],
  machine: ServedMachine,
  { all }: { readonly all: boolean },
): Promise<MachinePackages> {
  const builder = new UniverseBuilder(machine);
  const roots = new Set<Candidate>();
  for (const tree of trees) {
    const isThere = await presenceIn(tree);
    for (const suite of tree.contents.suites) {
      const isChecked = tree === trees[0] && (all || !suite.release.notAutomatic);
      for (const index of indicesFor(machine, suite))
        for await (const { stanza } of tree.contents.packages(fields, index)) {
          const candidate = isThere(index, stanza) ? builder.add(stanza) : undefined;
          if (isChecked && candidate?.countsAs === machine.native) roots.add(candidate);
        }
    }
  }
  return { universe: builder.build(), roots: all ? [...roots] : newestOf(roots) };
}

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
