import type { Output } from "../../platform/machine/host.ts";
import type { MirrorEvent } from "../events.ts";
import { Transfers } from "../transfers.ts";
import { formatBars } from "./bars.ts";

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

/**
 * Clears the screen from the first bar, where the cursor stays. A terminal that was made narrower may have wrapped the bars,
 * so their number of lines is unknown. The first line is cleared separately: tmux scrolls a screen that is cleared from its
 * first line into its history.
 */
const eraseBars = "\r\u001B[K\n\u001B[J\u001B[A";

export function createProgress(output: Output, now: () => Date): Progress {
  const transfers = new Transfers();
  let areDrawn = false;
  let isClosed = false;
  let drawnAtMs = 0;

  const draw = (above: string): void => {
    const bars = formatBars(transfers.all, now(), output.columns - 1);
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
      const followed = isClosed ? undefined : transfers.follow(event, now());
      if (followed === undefined) return;
      if (followed.change !== "goes-on" || now().getTime() - drawnAtMs >= redrawEveryMs) draw("");
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
