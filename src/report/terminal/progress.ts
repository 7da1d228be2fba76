import type { Output } from "../../platform/host.ts";
import type { MirrorEvent } from "../events.ts";
import { formatBars, type Transfer } from "./bars.ts";

/** Draws a bar below the log for each mirror that downloads or reads. */
export interface Progress {
  readonly follow: (event: MirrorEvent) => void;
  /** Writes text that scrolls away above the bars. */
  readonly writeAbove: (text: string) => void;
  /** Erases the bars, and draws none afterwards. */
  readonly close: () => void;
  /** Does the same at once after Ctrl-C, and erases the ^C that the terminal shows. */
  readonly interrupt: () => void;
}

const redrawEveryMs = 100;

const changesOfBars: ReadonlySet<MirrorEvent["type"]> = new Set([
  "transfer-planned",
  "transfer-ended",
  "reading-planned",
  "reading-ended",
  "sync-failed",
  "sync-interrupted",
]);

/**
 * Clears the screen from the first bar, where the cursor stays. A terminal that was made narrower may have wrapped the bars,
 * so their number of lines is unknown. The first line is cleared separately: tmux scrolls a screen that is cleared from its
 * first line into its history.
 */
const eraseBars = "\r\u001B[K\n\u001B[J\u001B[A";

export function createProgress(output: Output, now: () => Date): Progress {
  const transfers = new Map<string, Transfer>();
  let areDrawn = false;
  let isClosed = false;
  let drawnAtMs = 0;

  const draw = (above: string): void => {
    const bars = formatBars([...transfers.values()], now(), output.columns - 1);
    output.write((areDrawn ? eraseBars : "") + above + drawn(bars));
    areDrawn = bars.length > 0;
    drawnAtMs = now().getTime();
  };
  const unwatch = output.onResize?.(() => {
    if (areDrawn) draw("");
  });

  const close = (): void => {
    isClosed = true;
    unwatch?.();
    transfers.clear();
    if (areDrawn) draw("");
  };

  return {
    follow(event) {
      if (isClosed || !track(transfers, event, now())) return;
      if (changesOfBars.has(event.type) || now().getTime() - drawnAtMs >= redrawEveryMs) draw("");
    },
    writeAbove: (text) => draw(text),
    close,
    interrupt() {
      close();
      output.write(eraseBars);
    },
  };
}

/** Returns the bars without wrapping, so that each is one line even if the terminal has just become narrower. */
function drawn(bars: readonly string[]): string {
  if (bars.length === 0) return "";
  const backToStart = bars.length === 1 ? "\r" : `\r\u001B[${bars.length - 1}A`;
  return `\u001B[?7l${bars.join("\n")}\u001B[?7h${backToStart}`;
}

/** Returns whether the event changes what the bars show. */
function track(transfers: Map<string, Transfer>, event: MirrorEvent, now: Date): boolean {
  const { mirror } = event;
  if (event.type === "transfer-planned" || event.type === "reading-planned") {
    if (event.files === 0) return false;
    const { files, sizeBytes } = event;
    transfers.set(mirror, { mirror, startedAt: now, files, sizeBytes, filesDone: 0, bytesDone: 0 });
    return true;
  }
  const transfer = transfers.get(mirror);
  if (transfer === undefined) return false;
  if (event.type === "transfer-progressed" || event.type === "reading-progressed")
    transfer.bytesDone += event.sizeBytes;
  else if (event.type === "file-fetched" || event.type === "file-read") transfer.filesDone++;
  else if (event.type === "file-linked") {
    transfer.filesDone++;
    transfer.bytesDone += event.sizeBytes;
  } else if (changesOfBars.has(event.type)) transfers.delete(mirror);
  else return false;
  return true;
}
