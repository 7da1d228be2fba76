import { type FoundEntries, newerEntries, type SourceChangelog } from "../../changelogs/index.ts";
import { type NewSource, newSources, type TreeChanges } from "../../changes/index.ts";
import { MirrorctlError } from "../../errors.ts";
import { mapBounded } from "../../platform/flow/map-bounded.ts";
import { messageOf } from "../../report/errors.ts";
import type { Ports } from "../context.ts";
import { type FoundTree, openFoundTree } from "../trees/index.ts";
import { type DebChangelog, readDebChangelog } from "./read-deb.ts";
import { findSourceDebs, type SourceDeb } from "./source-debs.ts";

export type ChangelogPorts = Ports<"mirror" | "signal" | "decoderCommands" | "changelogCache">;

/** xz runs beside this process. */
const debsAtOnce = 3;

/**
 * Reads the changelog of each source of which `tree` has a new version, in the smallest .deb of the source. One that cannot
 * be read does not keep the others from being read.
 */
export async function readChangelogs(
  ports: ChangelogPorts,
  tree: FoundTree,
  { sources }: Pick<TreeChanges, "sources">,
): Promise<readonly SourceChangelog[]> {
  const wanted = newSources(sources);
  if (wanted.length === 0) return [];
  const debsOf = await findSourceDebs(
    openFoundTree(ports, tree),
    tree,
    sources.flatMap(({ changes }) => changes),
    wanted.map(({ source, after: version }) => ({ source, version })),
  );
  const found = await mapBounded(wanted, debsAtOnce, async (one) => {
    ports.signal.throwIfAborted();
    return {
      ...one,
      found: await readEntries(ports, one, debsOf({ source: one.source, version: one.after })),
    };
  });
  tree.assertUnchanged();
  return found;
}

async function readEntries(
  ports: ChangelogPorts,
  { before }: NewSource,
  debs: readonly SourceDeb[],
): Promise<FoundEntries> {
  try {
    const found = await readOneOf(ports, debs);
    return found.kind === "changelog"
      ? { kind: "entries", ...newerEntries(found, before) }
      : { kind: "none" };
  } catch (error) {
    ports.signal.throwIfAborted();
    if (!(error instanceof UnreadableDeb)) throw error;
    return { kind: "unreadable", problem: error.message };
  }
}

/** A .deb that is damaged, hostile or gone. */
class UnreadableDeb extends Error {}

/** Links from package to package may form a circle. */
const debsMax = 4;

/** Reads the smallest .deb. If its changelog is a link, the package that the link names, or the next smallest one. */
async function readOneOf(ports: ChangelogPorts, debs: readonly SourceDeb[]): Promise<DebChangelog> {
  let left = debs;
  let target: string | undefined;
  for (let read = 0; read < debsMax; read += 1) {
    const deb = left.find((one) => one.package === target) ?? left[0];
    if (deb === undefined) break;
    const found = await readCached(ports, deb);
    if (found.kind !== "link") return found;
    target = found.target;
    left = left.filter((one) => one !== deb);
  }
  return { kind: "none" };
}

async function readCached(ports: ChangelogPorts, deb: SourceDeb): Promise<DebChangelog> {
  const { changelogCache: cache } = ports;
  const known = deb.sha256 === undefined ? undefined : cache.read(deb.sha256);
  if (known !== undefined) return known;
  try {
    const found = await readDebChangelog(deb.path, deb.package, ports);
    if (deb.sha256 !== undefined) cache.write(deb.sha256, found);
    return found;
  } catch (error) {
    const isOfFile = error instanceof MirrorctlError || (error instanceof Error && "syscall" in error);
    if (!isOfFile) throw error;
    throw new UnreadableDeb(`${deb.path}: ${messageOf(error)}`, { cause: error });
  }
}
