import type { PublicName } from "../../publish/index.ts";
import { type Snapshot, SnapshotError } from "../../snapshot/index.ts";
import type { MirrorContext } from "../context.ts";
import { historyOrProblem } from "../history/index.ts";
import { keptForRollback, type RollbackUse } from "../production/index.ts";

/** What a deletion would take something from. */
export interface Uses {
  readonly leading: readonly PublicName[];
  readonly others: readonly string[];
  /** Why a rollback may need it; undefined where none does. */
  readonly rollback: string | undefined;
}

export const usesOf = (context: MirrorContext, name: string): Uses => ({
  ...linksTo(context, name),
  rollback: useForRollback(context, name),
});

export const isUsed = ({ leading, others, rollback }: Uses): boolean =>
  leading.length + others.length > 0 || rollback !== undefined;

function useForRollback(context: MirrorContext, name: string): string | undefined {
  if (context.mirror.snapshot.prune.keepRollbacks === 0) return undefined;
  const history = historyOrProblem(context);
  if ("problem" in history)
    return `perhaps what a rollback would go back to: the history cannot be read: ${history.problem}`;
  const use = keptForRollback(context, history.entries).get(name);
  return use && rollbackUses[use];
}

const rollbackUses: Readonly<Record<RollbackUse, string>> = {
  predecessor: "what a rollback would go back to",
  substitute: "perhaps what a rollback would go back to: the history does not say what production was before",
};

/** What leads to a snapshot: public links, and the names of those that are not mirrorctl's to take away. */
export function linksTo(
  { links, mirror }: MirrorContext,
  name: string,
): { readonly leading: readonly PublicName[]; readonly others: readonly string[] } {
  const leading = publicNames.filter((link) => {
    const target = links.read(link);
    return target.kind === "snapshot" && target.name === name;
  });
  const named = leading.map((link) => mirror.publish[link]);
  return { leading, others: links.leadingTo(name).filter((link) => !named.includes(link)) };
}

const publicNames = ["staging", "production"] as const satisfies readonly PublicName[];

export function inUse(
  context: MirrorContext,
  snapshot: Snapshot,
  { leading, others, rollback }: Uses,
): SnapshotError {
  const uses = [
    ...leading.map((link) => (link === "staging" ? "staged" : "in production")),
    ...others.map((link) => `linked as ${link}`),
    ...(rollback === undefined ? [] : [rollback]),
  ];
  return new SnapshotError(
    "SNAPSHOT_IN_USE",
    `snapshot ${snapshot.name} of ${context.mirror.id} is ${uses.join(" and ")}`,
    { facts: { links: [...leading, ...others] }, hint: inUseHint(context, leading, others) },
  );
}

function inUseHint(
  { layout }: MirrorContext,
  leading: readonly PublicName[],
  others: readonly string[],
): string {
  if (others.length > 0)
    return `[publish] does not name ${others.join(", ")}: when no client reads it any longer, remove it from ${layout.root}.`;
  return leading.length > 0
    ? "Stage or publish another one first, or take the link away too with --force."
    : "Delete it with --force if production is never to go back to it.";
}
