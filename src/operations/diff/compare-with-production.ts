import { cvesIn, highestUrgency, type SourceChangelog } from "../../changelogs/index.ts";
import { type ChangeKind, combineChanges, type TreeChanges } from "../../changes/index.ts";
import { MirrorctlError } from "../../errors.ts";
import { type ComparedDetails, knownChanges } from "../../history/index.ts";
import type { Snapshot } from "../../snapshot/index.ts";
import { readChangelogs } from "../changelogs/index.ts";
import type { Ports } from "../context.ts";
import { historyOrProblem } from "../history/index.ts";
import { compareTrees, openPackages, requireSnapshot, treeOfSnapshot } from "../trees/index.ts";

export type ComparisonPorts = Ports<
  | "mirror"
  | "catalog"
  | "publisher"
  | "history"
  | "signal"
  | "decoderCommands"
  | "changelogCache"
  | "record"
  | "emit"
>;

/** What the promotion of a snapshot would change. */
export interface Comparison {
  /** The snapshot in production. */
  readonly from: string;
  readonly changes: ComparedDetails;
}

export interface ComparisonOptions {
  /** Writes a new comparison to the history. */
  readonly record: boolean;
}

/**
 * Compares a snapshot with what is in production. Compares nothing again that the history knows. Takes no lock. Undefined if
 * production shows no snapshot, or this one. A comparison that fails is a warning: nothing depends on it.
 */
export async function compareWithProduction(
  ports: ComparisonPorts,
  snapshot: Snapshot,
  options: ComparisonOptions,
): Promise<Comparison | undefined> {
  const shown = await ports.publisher.read("production");
  if (shown.kind !== "snapshot" || shown.name === snapshot.name) return undefined;
  const from = shown.name;
  const history = await historyOrProblem(ports);
  const known = "problem" in history ? undefined : knownChanges(history.entries, from, snapshot.name);
  if (known !== undefined) return { from, changes: known };
  try {
    const changes = await compare(ports, await requireSnapshot(ports, from), snapshot);
    if (options.record)
      await ports.record({ action: "compare", result: "done", from, to: snapshot.name, details: changes });
    return { from, changes };
  } catch (error) {
    ports.signal.throwIfAborted();
    const isOfTree = error instanceof MirrorctlError || (error instanceof Error && "syscall" in error);
    if (!isOfTree) throw error;
    ports.emit({ type: "comparison-failed", name: snapshot.name, error });
    return undefined;
  }
}

async function compare(ports: ComparisonPorts, before: Snapshot, after: Snapshot): Promise<ComparedDetails> {
  const use = { verb: "compared" } as const;
  const [old, present] = [treeOfSnapshot(ports, before, use), treeOfSnapshot(ports, after, use)];
  const compared = await compareTrees(openPackages(ports, old), openPackages(ports, present));
  const changes = combineChanges(compared);
  const changelogs = await readChangelogs(ports, present, changes);
  old.assertUnchanged();
  return detailsOf(changes, changelogs);
}

function detailsOf(changes: TreeChanges, changelogs: readonly SourceChangelog[]): ComparedDetails {
  return {
    kind: "compared",
    counts: changes.counts,
    removed: textsOf(changes, "removed"),
    downgraded: textsOf(changes, "downgraded"),
    sources: changelogs.length,
    unread: changelogs.filter(({ found }) => found.kind === "unreadable").length,
    urgency: highestUrgency(
      changelogs.map(({ found }) => (found.kind === "entries" ? found.urgency : undefined)),
    ),
    cves: cvesIn(changelogs),
  };
}

const textsMax = 20;

/** Names packages of a kind of change: "bash 5.2 -> 5.1". */
const textsOf = ({ sources }: TreeChanges, kind: ChangeKind): readonly string[] =>
  sources
    .flatMap((source) => source.changes)
    .filter((change) => change.kind === kind)
    .slice(0, textsMax)
    .map(({ before, after }) =>
      [(after ?? before)?.name, [before?.version, after?.version].filter(Boolean).join(" -> ")].join(" "),
    );
