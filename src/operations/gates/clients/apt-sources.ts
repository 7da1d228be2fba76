import type { AptSource, AptTrust, Platform } from "../../../clients/index.ts";
import { type SuiteContents, smallFilesOnDisk } from "../../../contents/index.ts";
import { filtersPackages } from "../../../plan/index.ts";
import type { Ports } from "../../context.ts";
import { openKeyring } from "../../open-keyring.ts";
import { type FoundTree, isForMachines, openFoundTree } from "../../trees/index.ts";

/** What is asked of a mirror from whose tree machines install. */
export type SourcePorts = Ports<"mirror" | "emit" | "invokerFiles" | "signal" | "decoderCommands">;

/** Returns the suites of a tree that machines of a platform read, with the settings that its clients need. */
export async function aptSourcesOf(
  ports: SourcePorts,
  tree: FoundTree,
  platform: Platform,
): Promise<readonly AptSource[]> {
  const { mirror } = ports;
  const { contents, reading } = openFoundTree(ports, tree);
  const { leftOut } = filtersPackages(reading.filters) ? await contents.listFiles() : { leftOut: [] };
  const packages = leftOut.flatMap(({ item }) => ("architecture" in item ? [item] : []));
  const { has } = smallFilesOnDisk(tree.path);
  const trust = await trustOf(ports);
  return contents.suites.flatMap((suite): readonly AptSource[] => {
    const read = readBy(platform, suite);
    if (read === undefined) return [];
    return [
      {
        mirror: mirror.id,
        tree: tree.path,
        suite: suite.suite,
        release: suite.release,
        hasInRelease: has(suite.suite.path("InRelease")),
        ...read,
        withSources: suite.indices.some(({ wanted }) => wanted.kind === "sources"),
        withTranslations: tree.facts?.kinds.translations ?? mirror.kinds.translations,
        trust,
        leftOut: packages,
        accepts: { expired: mirror.allow.expired, future: mirror.allow.future, weak: mirror.allow.weak },
      },
    ];
  });
}

/**
 * Returns the same sources for a baseline: signatures and dates were checked before they came into production, and may have
 * expired since.
 */
export const asBaseline = (sources: readonly AptSource[]): readonly AptSource[] =>
  sources.map((source) => ({
    ...source,
    trust: { kind: "unchecked" },
    accepts: { expired: true, future: true, weak: true },
  }));

async function trustOf(ports: SourcePorts): Promise<AptTrust> {
  const { pgpCheck, signedBy, allow } = ports.mirror;
  if (!pgpCheck) return { kind: "unchecked" };
  const { certificates } = await openKeyring(ports);
  return {
    kind: "keys",
    keys: Buffer.concat(certificates.map(({ bytes }) => bytes)),
    fingerprints: signedBy,
    mayHaveExpired: allow.expiredKeys,
  };
}

/** Returns what a machine reads of a suite; undefined if the tree has no packages of it for the machine. */
function readBy(
  { architecture, foreign, variant }: Platform,
  { suite, indices }: SuiteContents,
): Pick<AptSource, "components" | "architectures"> | undefined {
  const packages = indices.filter(isForMachines);
  if (packages.length === 0) return undefined;
  if (suite.isFlat) return { components: [], architectures: undefined };
  const wanted = [architecture, ...foreign, ...(variant === undefined ? [] : [variant])];
  const readable = packages.filter(
    ({ wanted: { architecture: one } }) => one !== undefined && [...wanted, "all"].includes(one),
  );
  if (readable.length === 0) return undefined;
  const held = new Set(readable.map((index) => index.wanted.architecture));
  const own = wanted.filter((one) => held.has(one));
  const components = new Set(readable.flatMap((index) => index.wanted.section ?? []));
  return {
    components: [...components],
    // apt would ask for an architecture that Release lists and this mirror lacks.
    architectures: own.length === wanted.length ? undefined : own.length === 0 ? ["all"] : own,
  };
}
