import { knownDamage } from "../../history/index.ts";
import { overriddenText } from "../../report/words/objections.ts";
import { workingMirrorName } from "../../snapshot-name.ts";
import { factsOf, historyOrProblem } from "../history/index.ts";
import { settleCutOffMove } from "./cut-off-move.ts";
import { commitPublication, prepareProduction, prepareProductionIfRoom } from "./keep-files.ts";
import type { BegunMove, PreparedMove, ProductionChange, ProductionMove } from "./production-move.ts";
import { putBack } from "./put-back.ts";
import { findTakenOut } from "./taken-out.ts";
import { warnOfExpiry, warnOfOlderRelease } from "./warn-of-releases.ts";

/**
 * Makes production of each mirror show its snapshot, all of them or none. Each move is recorded before it happens and
 * ended after it, so that a run that is cut off leaves a trace. If one fails, it and those before it are put back, so that
 * the same command again does the same. For a caller that holds the locks of snapshots.
 */
export async function moveProduction(
  moves: readonly ProductionMove[],
  change: ProductionChange,
): Promise<void> {
  const prepared = await prepareAll(moves, change);
  const at = moves[0]?.ports.now(); // one time for all: it tells which lines belong together
  const begun: BegunMove[] = [];
  try {
    for (const move of prepared) begun.push(await begin(move, change, at));
    for (const move of begun) {
      if (change.action === "promote") await startPromotion(move);
      else await warnOfPast(move);
      await showSnapshot(move);
    }
  } catch (error) {
    for (const move of begun.toReversed()) await putBack(move, change.action, error);
    throw error;
  }
  for (const { ports, line } of begun) await ports.end(line, { result: "done", detail: line.detail });
}

async function prepareAll(
  moves: readonly ProductionMove[],
  { action }: ProductionChange,
): Promise<readonly PreparedMove[]> {
  const prepare = action === "promote" ? prepareProduction : prepareProductionIfRoom;
  const prepared: PreparedMove[] = [];
  for (const move of moves) {
    const publication = await prepare(move.ports, { kind: "snapshot", name: move.snapshot.name });
    prepared.push({ ...move, publication });
  }
  return prepared;
}

async function begin(move: PreparedMove, change: ProductionChange, at: Date | undefined): Promise<BegunMove> {
  const { ports, snapshot, before, objections } = move;
  if (move.begun !== undefined) return { ...move, line: move.begun };
  await settleCutOffMove(ports);
  const from = before.kind === "snapshot" ? before.name : undefined;
  const overridden = objections.length === 0 ? undefined : overriddenText(objections);
  return {
    ...move,
    line: await ports.begin({ at, ...change, from, to: snapshot.name, detail: change.detail ?? overridden }),
  };
}

async function startPromotion({ ports, snapshot: { name } }: BegunMove): Promise<void> {
  const staged = await ports.publisher.read("staging");
  const isStaged = staged.kind === "snapshot" && staged.name === name;
  ports.emit({ type: "promotion-started", name, isStaged });
}

async function showSnapshot({ ports, snapshot, before, publication }: BegunMove): Promise<void> {
  await warnOfOlderRelease(ports, before, snapshot);
  warnOfExpiry(ports, snapshot);
  await commitPublication(publication, ports);
  ports.emit({ type: "production-updated", name: snapshot.name });
}

/** For publications and rollbacks, which are for when something else is worse. A promotion objects. */
async function warnOfPast({ ports, snapshot }: BegunMove): Promise<void> {
  const { name } = snapshot;
  const history = await historyOrProblem(ports);
  if ("problem" in history) return; // a warning was given, and production must still be able to move
  const damage = knownDamage(history.entries, workingMirrorName).get(name);
  if (damage !== undefined) ports.emit({ type: "known-damage", name, damage: factsOf(damage) });
  const taken = (await findTakenOut(ports, history.entries))(snapshot);
  if (taken?.how !== "rolled-back") return;
  const { at, by, reason, name: as } = taken;
  ports.emit({ type: "rolled-back-returns", name, as: as === name ? undefined : as, at, by, reason });
}
