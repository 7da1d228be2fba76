import type { PublicName } from "../../publish/index.ts";
import { type Snapshot, SnapshotError } from "../../snapshot/index.ts";
import type { Ports } from "../context.ts";
import { historyOrProblem } from "../history/index.ts";
import { keptForRollback, type RollbackUse } from "../production/index.ts";

/** The names under which clients see a snapshot. */
export interface NamesOfSnapshot {
  readonly own: readonly PublicName[];
  /** Names that mirrorctl did not make and does not remove. */
  readonly others: readonly string[];
}

/** What a deletion would take something away from. */
export interface Uses extends NamesOfSnapshot {
  /** Why a rollback may need the snapshot; undefined if none does. */
  readonly rollback: string | undefined;
}

export async function usesOf(
  ports: Ports<"mirror" | "publisher" | "catalog" | "history">,
  name: string,
): Promise<Uses> {
  return { ...(await namesOf(ports, name)), rollback: await useForRollback(ports, name) };
}

export const isUsed = ({ own, others, rollback }: Uses): boolean =>
  own.length + others.length > 0 || rollback !== undefined;

async function useForRollback(
  ports: Ports<"mirror" | "publisher" | "catalog" | "history">,
  name: string,
): Promise<string | undefined> {
  if (ports.mirror.snapshot.prune.keepRollbacks === 0) return undefined;
  const history = await historyOrProblem(ports);
  if ("problem" in history)
    return `perhaps what a rollback would go back to: the history cannot be read: ${history.problem}`;
  const use = (await keptForRollback(ports, history.entries)).get(name);
  return use && rollbackUses[use];
}

const rollbackUses: Readonly<Record<RollbackUse, string>> = {
  predecessor: "what a rollback would go back to",
  substitute: "perhaps what a rollback would go back to: the history does not say what production was before",
};

/** Returns the names that show a snapshot. */
export async function namesOf(
  { publisher, mirror }: Ports<"publisher" | "mirror">,
  name: string,
): Promise<NamesOfSnapshot> {
  const own: PublicName[] = [];
  for (const publicName of ["staging", "production"] as const) {
    const shown = await publisher.read(publicName);
    if (shown.kind === "snapshot" && shown.name === name) own.push(publicName);
  }
  const configured = own.map((publicName) => mirror.publish[publicName]);
  const all = await publisher.namesShowing(name);
  return { own, others: all.filter((one) => !configured.includes(one)) };
}

/** The error for a snapshot that is not deleted because it is used. */
export function inUse(
  { mirror, layout }: Ports<"mirror" | "layout">,
  snapshot: Snapshot,
  { own, others, rollback }: Uses,
): SnapshotError {
  const uses = [
    ...own.map((name) => (name === "staging" ? "staged" : "in production")),
    ...others.map((name) => `linked as ${name}`),
    ...(rollback === undefined ? [] : [rollback]),
  ];
  return new SnapshotError(
    "SNAPSHOT_IN_USE",
    `snapshot ${snapshot.name} of ${mirror.id} is ${uses.join(" and ")}`,
    { facts: { links: [...own, ...others] }, hint: inUseHint(layout.root, { own, others }) },
  );
}

function inUseHint(root: string, { own, others }: NamesOfSnapshot): string {
  if (others.length > 0)
    return `[publish] does not name ${others.join(", ")}: remove it from ${root} when no client reads it any longer.`;
  return own.length > 0
    ? "Stage or publish another one first, or remove the link too with --force."
    : "Delete it with --force if production will never go back to it.";
}
