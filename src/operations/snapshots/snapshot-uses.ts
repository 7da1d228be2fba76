import type { PublicName } from "../../publish/index.ts";
import { pinnedText } from "../../report/words/pins.ts";
import { type Pin, type Snapshot, SnapshotError } from "../../snapshot/index.ts";
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
  /** Somebody keeps the snapshot. */
  readonly pin: Pin | undefined;
  /** Why a rollback may need the snapshot; undefined if none does. */
  readonly rollback: string | undefined;
}

export async function usesOf(
  ports: Ports<"mirror" | "publisher" | "catalog" | "history">,
  name: string,
): Promise<Uses> {
  const pin = ports.catalog.pins().get(name);
  return { ...(await namesOf(ports, name)), pin, rollback: await useForRollback(ports, name) };
}

export const isUsed = ({ own, others, pin, rollback }: Uses): boolean =>
  own.length + others.length > 0 || pin !== undefined || rollback !== undefined;

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
  { name }: Snapshot,
  uses: Uses,
): SnapshotError {
  const { own, others, pin, rollback } = uses;
  const reasons = [
    ...own.map((link) => (link === "staging" ? "staged" : "in production")),
    ...others.map((link) => `linked as ${link}`),
    ...(rollback === undefined ? [] : [rollback]),
    ...(pin === undefined ? [] : [pinnedText(pin.note)]),
  ];
  const unpin = `Unpin it first: mirrorctl snapshot unpin ${mirror.id} ${name}`;
  return new SnapshotError(
    "SNAPSHOT_IN_USE",
    `snapshot ${name} of ${mirror.id} is ${reasons.join(" and ")}`,
    {
      facts: { links: [...own, ...others] },
      hint: [...(pin === undefined ? [] : [unpin]), inUseHint(layout.root, uses)].join("\n"),
    },
  );
}

function inUseHint(root: string, { own, others, rollback }: Uses): string {
  if (others.length > 0)
    return `[publish] does not name ${others.join(", ")}: remove it from ${root} when no client reads it any longer.`;
  if (own.length > 0) return "Stage or publish another one first, or remove the link too with --force.";
  return rollback === undefined
    ? "Or delete it with --force."
    : "Delete it with --force if production will never go back to it.";
}
