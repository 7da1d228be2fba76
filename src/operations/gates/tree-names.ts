import type { TreePackages } from "../trees/index.ts";

/** The binary packages that the indices of a tree list, without those that the filters left out or that upstream lacked. */
export interface TreeNames {
  /** A package that several indices list counts once. */
  readonly packages: number;
  readonly names: ReadonlySet<string>;
}

export async function countNames(tree: TreePackages): Promise<TreeNames> {
  const packages = new Set<string>();
  const names = new Set<string>();
  for (const index of tree.indices.values()) {
    if (index.wanted.kind !== "packages") continue;
    for await (const { name, version, architecture, variant = "" } of tree.read(index)) {
      packages.add(`${name} ${version} ${architecture} ${variant}`);
      names.add(name);
    }
  }
  return { packages: packages.size, names };
}
