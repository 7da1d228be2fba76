import type { Output } from "../../platform/host.ts";
import type { MirrorEvent } from "../events.ts";
import { formatBars, type Transfer } from "./bars.ts";

/** One bar for each mirror that downloads or reads, redrawn below the log. */
export interface Progress {
  readonly follow: (event: MirrorEvent) => void;
  /** Text that scrolls away above the bars. */
  readonly writeAbove: (text: string) => void;
  /** Erases the bars; none is drawn afterwards. */
  readonly close: () => void;
  /** The same at once for a run that Ctrl-C interrupts, with the ^C that the terminal shows. */
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
 * The cursor stays at the start of the first bar. To erase the bars is then to clear the screen from there, however
 * many lines they take by now: a terminal that was made narrower may have wrapped them. The first line is cleared by
 * itself, since tmux scrolls a screen that is cleared from its first line into the history.
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

/** Without wrapping, so that each bar is one line although the terminal may be narrower than it was a moment ago. */
function drawn(bars: readonly string[]): string {
  if (bars.length === 0) return "";
  const backToStart = bars.length === 1 ? "\r" : `\r\u001B[${bars.length - 1}A`;
  return `\u001B[?7l${bars.join("\n")}\u001B[?7h${backToStart}`;
}

/** True where the event changes what the bars show. */
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
  else if (changesOfBars.has(event.type)) transfers.delete(mirror);
  else return false;
  return true;
}
