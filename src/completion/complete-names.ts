import { ConfigError, inspectConfig, type MirrorConfig } from "../config/index.ts";
import { readConfigFiles } from "../config-files.ts";
import { configPathOf } from "../config-path.ts";
import { whyUnreadable } from "../errors.ts";
import { mirrorLayout } from "../layout.ts";
import { listDirectory } from "../platform/look.ts";
import type { Host } from "../platform/machine/host.ts";
import { compareNames, isStandIn, snapshotNameFault } from "../snapshot-name.ts";

/**
 * Returns the names, the likeliest first; none if the configuration cannot be used. The scripts of `mirrorctl completion`
 * pass what is completed, the file of --config or "", and the mirrors that the line has already.
 */
export function completeNames(
  [wanted, config = "", ...ids]: readonly string[],
  host: Pick<Host, "env" | "homeDir">,
): readonly string[] {
  try {
    const path = configPathOf(config === "" ? undefined : config.replace(/^~(?=\/)/, host.homeDir), host.env);
    return namesIn(wanted, ids, { ...readConfigFiles(path), ...host });
  } catch (error) {
    if (error instanceof ConfigError || whyUnreadable(error) !== undefined) return [];
    throw error;
  }
}

function namesIn(
  wanted: string | undefined,
  ids: readonly string[],
  source: Parameters<typeof inspectConfig>[0],
): readonly string[] {
  const { config } = inspectConfig(source);
  if (config === undefined) return [];
  if (wanted === "mirrors") return config.mirrors.map(({ id }) => id).filter((id) => !ids.includes(id));
  const mirrors = config.mirrors.filter(({ id }) => ids.length === 0 || ids.includes(id));
  const lists = mirrors.map((mirror) => snapshotsOf(config.dir, mirror));
  // Several mirrors move together to a snapshot that each of them has.
  const isOffered = (name: string): boolean => ids.length === 0 || lists.every((list) => list.includes(name));
  const names = [...new Set(lists.flat())].filter(isOffered).toSorted(compareNames).toReversed();
  return wanted === "trees" ? ["production", "staging", "working", ...names] : names;
}

const snapshotsOf = (dir: string, mirror: MirrorConfig): readonly string[] =>
  listDirectory(mirrorLayout(dir, mirror).snapshots)
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .filter((name) => snapshotNameFault(name) === undefined && !isStandIn(name));
