import { join } from "node:path";
import { binaryFields, type PackageChange, readBinaryBuild, sourceOf } from "../../changes/index.ts";
import { readNamed } from "../../contents/index.ts";
import { statIfAny } from "../../platform/look.ts";
import { parseRepositoryPath, parseSha256, type Sha256 } from "../../repository/index.ts";
import { type FoundTree, type OpenedTree, placeOf } from "../trees/index.ts";

/** A .deb that a tree has. */
export interface SourceDeb {
  readonly package: string;
  /** On disk. */
  readonly path: string;
  readonly sizeBytes: number;
  /** Undefined if the index lists other digests only. */
  readonly sha256: Sha256 | undefined;
}

interface Version {
  readonly source: string;
  readonly version: string;
}

const fields = [...binaryFields, "size"] as const;

/**
 * Finds the .debs of some versions of sources, the smallest first. Reads only the indices that list what changed, and of these
 * the stanzas of the sources. What the filters left out, or upstream lacked, is not in the tree.
 */
export async function findSourceDebs(
  { contents }: OpenedTree,
  { path: root }: Pick<FoundTree, "path">,
  changes: readonly PackageChange[],
  wanted: readonly Version[],
): Promise<(of: Version) => readonly SourceDeb[]> {
  const found = new Map(wanted.map((version) => [keyOf(version), new Map<string, SourceDeb>()]));
  const names = new Set(changes.flatMap(placeKeysOf));
  // A package without Source is named like it.
  const words = new Set(wanted.map(({ source }) => source));
  const selection = { fields: ["source", "package"], words } as const;
  for (const index of contents.suites.flatMap(({ indices }) => indices)) {
    const { suite, section, architecture } = placeOf(index);
    if (index.wanted.kind !== "packages" || !names.has(placeKey(suite, section, architecture))) continue;
    for await (const stanza of readNamed({ tree: contents.tree, index }, fields, selection)) {
      const build = readBinaryBuild(stanza);
      const { name, version } = sourceOf(build);
      const debs = found.get(keyOf({ source: name, version }));
      const filename = stanza.get("filename") ?? "";
      if (debs === undefined || debs.has(filename)) continue;
      const path = pathIn(root, index.suite.root, filename);
      const sizeBytes = path === undefined ? undefined : statIfAny(path)?.size;
      if (path !== undefined && sizeBytes !== undefined)
        debs.set(filename, { package: build.name, path, sizeBytes, sha256: sha256Of(stanza.get("sha256")) });
    }
  }
  return (of) => [...(found.get(keyOf(of))?.values() ?? [])].toSorted((a, b) => a.sizeBytes - b.sizeBytes);
}

const keyOf = ({ source, version }: Version): string => `${source} ${version}`;

const placeKeysOf = ({ suite, section, architectures, after }: PackageChange): readonly string[] =>
  after === undefined
    ? []
    : (architectures.length === 0 ? [undefined] : architectures).map((one) => placeKey(suite, section, one));

const placeKey = (...place: readonly (string | undefined)[]): string => place.join("\n");

/** The paths of a flat suite may begin at the suite, see contents/flat-paths.ts. */
function pathIn(root: string, suiteRoot: string, filename: string): string | undefined {
  const path = parseRepositoryPath(filename);
  return [join(root, path), join(root, suiteRoot, path)].find((one) => statIfAny(one)?.isFile() === true);
}

/** A sync accepts an empty field as absent. */
const sha256Of = (hex = ""): Sha256 | undefined => (hex === "" ? undefined : parseSha256(hex));
