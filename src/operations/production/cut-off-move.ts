import type { HistoryEntry } from "../../history/index.ts";
import { messageOf } from "../../report/errors.ts";
import { endNotWrittenText } from "../../report/words/history.ts";
import type { MirrorContext } from "../context.ts";

/** A move of production that a kill or a power cut left begun in the history: the link tells how far it went. */
export interface CutOffMove {
  readonly line: HistoryEntry;
  readonly hasMoved: boolean;
}

/** For a caller that holds the lock of snapshots, under which nobody else has begun one. */
export function findCutOffMove(context: MirrorContext): CutOffMove | undefined {
  const line = newestBegun(context);
  if (line === undefined) return undefined;
  const target = context.links.read("production");
  return { line, hasMoved: target.kind === "snapshot" && target.name === line.to };
}

/** A history that cannot be read keeps nobody from moving production, nor from freeing space. */
function newestBegun({ history, mirror, emit }: MirrorContext): HistoryEntry | undefined {
  try {
    return history.list({ mirror: mirror.id, result: "begun", limit: 1 })[0];
  } catch (error) {
    emit({ type: "history-unreadable", reason: messageOf(error) });
    return undefined;
  }
}

/** Ends the line of a move that was cut off; as for `findCutOffMove`. */
export function settleCutOffMove(context: MirrorContext): void {
  const move = findCutOffMove(context);
  if (move === undefined) return;
  if (move.hasMoved) context.links.flush("production"); // the history is not to say so of what a power cut undoes
  const { detail } = tellCutOff(context, move);
  context.end(move.line, { result: move.hasMoved ? "done" : "failed", detail });
}

/** Returns the line with what was found. */
export function tellCutOff(context: MirrorContext, { line, hasMoved }: CutOffMove): HistoryEntry {
  const { action, at, who: by } = line;
  context.emit({ type: "cut-off-move-found", action, at, by, hasMoved });
  const found = endNotWrittenText(hasMoved);
  return { ...line, detail: line.detail === undefined ? found : `${line.detail}; ${found}` };
}
