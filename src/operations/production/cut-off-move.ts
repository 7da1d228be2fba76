import type { HistoryEntry } from "../../history/index.ts";
import { Interrupted, messageOf } from "../../report/errors.ts";
import { endNotWrittenText } from "../../report/words/history-details.ts";
import type { Ports } from "../context.ts";

/** A move of production that a kill or a power cut left "begun" in the history. Production tells how far it went. */
export interface CutOffMove {
  readonly line: HistoryEntry;
  readonly hasMoved: boolean;
}

export type CutOffPorts = Ports<"mirror" | "publisher" | "history" | "emit" | "end">;

/** For a caller that holds the lock of snapshots: nobody else is in the middle of a move. */
export async function findCutOffMove(ports: CutOffPorts): Promise<CutOffMove | undefined> {
  const line = await newestBegun(ports);
  if (line === undefined) return undefined;
  const shown = await ports.publisher.read("production");
  return { line, hasMoved: shown.kind === "snapshot" && shown.name === line.to };
}

/** An unreadable history is a warning: it must not keep anyone from moving production or from freeing space. */
async function newestBegun({ history, mirror, emit }: CutOffPorts): Promise<HistoryEntry | undefined> {
  try {
    const [newest] = await history.list({ mirror: mirror.id, result: "begun", limit: 1 });
    return newest;
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    emit({ type: "history-unreadable", reason: messageOf(error) });
    return undefined;
  }
}

/** Ends the line of a move that was cut off. For a caller that holds the lock of snapshots. */
export async function settleCutOffMove(ports: CutOffPorts): Promise<void> {
  const move = await findCutOffMove(ports);
  if (move === undefined) return;
  if (move.hasMoved) await ports.publisher.flush("production"); // before the history says that it has moved
  const { detail } = tellCutOff(ports, move);
  await ports.end(move.line, { result: move.hasMoved ? "done" : "failed", detail });
}

/** Warns of the move. Returns its line with what was found. */
export function tellCutOff({ emit }: Ports<"emit">, { line, hasMoved }: CutOffMove): HistoryEntry {
  const { action, at, who: by } = line;
  emit({ type: "cut-off-move-found", action, at, by, hasMoved });
  const found = endNotWrittenText(hasMoved);
  return { ...line, detail: line.detail === undefined ? found : `${line.detail}; ${found}` };
}
