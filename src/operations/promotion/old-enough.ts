import { formatSpan, formatTime } from "../../report/units.ts";
import { type PassedOver, passedOverText } from "../../report/words/passed-over.ts";
import { haveSameContents, type Snapshot } from "../../snapshot/index.ts";
import { isStandIn } from "../../snapshot-name.ts";
import type { Ports } from "../context.ts";
import { seenWith } from "../first-seen/index.ts";
import { PromotionError } from "./promotion-objections.ts";

type ChoicePorts = Ports<"mirror" | "catalog" | "publisher" | "now" | "emit">;

/** Chooses a snapshot for each mirror, in their order. */
export async function chooseByAge<Mirror extends ChoicePorts>(
  mirrors: readonly Mirror[],
  leastAgeMs: number,
  objectionsTo: (ports: Mirror, snapshot: Snapshot) => Promise<PassedOver["objections"]>,
): Promise<readonly Snapshot[]> {
  const chosen: Snapshot[] = [];
  for (const ports of mirrors)
    chosen.push(await requireOldEnough(ports, leastAgeMs, (snapshot) => objectionsTo(ports, snapshot)));
  return chosen;
}

/**
 * Returns the newest snapshot that the mirror has had for this long and that nothing speaks against, or what production
 * shows if that is as new. It need not be staged: its age takes the place of a person who tests it. A snapshot is as old as
 * the sync that made its tree: one that repeats an older one is as old as that. Throws a PromotionError if there is none.
 */
async function requireOldEnough(
  ports: ChoicePorts,
  leastAgeMs: number,
  objectionsTo: (snapshot: Snapshot) => Promise<PassedOver["objections"]>,
): Promise<Snapshot> {
  const inProduction = await shownInProduction(ports);
  const passedOver: PassedOver[] = [];
  const now = ports.now();
  for (const snapshot of await ports.catalog.list()) {
    if (inProduction !== undefined && !isNewer(snapshot, inProduction)) break;
    if (!snapshot.recorded || isStandIn(snapshot.name)) continue;
    const from = new Date(ageBeganAt(snapshot, now).getTime() + leastAgeMs);
    const isOldEnough = from <= now;
    const objections = isOldEnough ? await objectionsTo(snapshot) : [];
    if (isOldEnough && objections.length === 0) {
      tell(ports, leastAgeMs, passedOver);
      return snapshot;
    }
    passedOver.push({ name: snapshot.name, oldEnoughFrom: isOldEnough ? undefined : from, objections });
  }
  const refused = passedOver.filter(({ objections }) => objections.length > 0);
  if (refused.length > 0) throw refusedAll(ports, leastAgeMs, refused);
  if (inProduction === undefined) throw allTooYoung(ports, leastAgeMs, passedOver);
  tell(ports, leastAgeMs, passedOver);
  return inProduction;
}

async function shownInProduction({ publisher, catalog }: ChoicePorts): Promise<Snapshot | undefined> {
  const shown = await publisher.read("production");
  return shown.kind === "snapshot" ? await catalog.find(shown.name) : undefined;
}

/** Snapshots are listed newest first: everything after what production shows, or has the contents of, is older. */
const isNewer = (snapshot: Snapshot, inProduction: Snapshot): boolean =>
  snapshot.createdAt > inProduction.createdAt && !haveSameContents(snapshot.meta, inProduction.meta);

const ageBeganAt = ({ createdAt, meta: { generation, releases } }: Snapshot, now: Date): Date =>
  seenWith({ createdAt, generation, releases }, now);

function tell({ emit }: ChoicePorts, leastAgeMs: number, passedOver: readonly PassedOver[]): void {
  const young = passedOver.filter(({ oldEnoughFrom }) => oldEnoughFrom !== undefined);
  const [next] = young.toReversed();
  if (next?.oldEnoughFrom !== undefined)
    emit({
      type: "snapshots-too-young",
      names: young.map(({ name }) => name),
      leastAgeMs,
      next: next.name,
      from: next.oldEnoughFrom,
    });
  for (const one of passedOver)
    if (one.objections.length > 0) emit({ type: "snapshot-passed-over", passedOver: one });
}

function refusedAll(
  { mirror: { id } }: ChoicePorts,
  leastAgeMs: number,
  refused: readonly PassedOver[],
): PromotionError {
  const lines = refused.map((one) => `${id}: ${one.name} ${passedOverText(one)}`);
  return new PromotionError("PROMOTION_REFUSED", lines.join("\n"), {
    facts: { snapshots: refused.map(({ name }) => `${id}/${name}`) },
    hint: `Nothing was promoted: no snapshot that is newer than production and ${formatSpan(leastAgeMs)} old passes.`,
  });
}

function allTooYoung(
  { mirror: { id } }: ChoicePorts,
  leastAgeMs: number,
  passedOver: readonly PassedOver[],
): PromotionError {
  const next = passedOver.at(-1);
  return new PromotionError(
    "PROMOTION_REFUSED",
    `${id} has no snapshot that is ${formatSpan(leastAgeMs)} old, and nothing in production`,
    {
      hint:
        next?.oldEnoughFrom === undefined
          ? `See what there is: mirrorctl snapshot list ${id}`
          : `${next.name} is old enough from ${formatTime(next.oldEnoughFrom)} on.`,
    },
  );
}
