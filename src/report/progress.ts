import type { Output } from "../platform/host.ts";
import type { MirrorEvent } from "./events.ts";
import { formatBytes, formatSpan } from "./units.ts";

/** One bar for each mirror that is fetching or reading, redrawn below the log. */
export interface Progress {
  readonly follow: (event: MirrorEvent) => void;
  /** Text that scrolls away above the bars. */
  readonly writeAbove: (text: string) => void;
  readonly close: () => void;
}

export interface Transfer {
  readonly mirror: string;
  readonly startedAt: Date;
  readonly files: number;
  readonly sizeBytes: number;
  filesDone: number;
  bytesDone: number;
}

const redrawEveryMs = 100;

const changesOfBars: ReadonlySet<MirrorEvent["type"]> = new Set([
  "transfer-planned",
  "transfer-ended",
  "reading-planned",
  "reading-ended",
]);

export function createProgress(output: Output, now: () => Date): Progress {
  const transfers = new Map<string, Transfer>();
  let linesDrawn = 0;
  let drawnAtMs = 0;

  const erase = (): string => (linesDrawn === 0 ? "" : `\u001B[${linesDrawn}A\u001B[0J`);
  const draw = (above: string): void => {
    const bars = [...transfers.values()].map(
      (transfer) => `${formatBar(transfer, now(), output.columns - 1)}\n`,
    );
    output.write(erase() + above + bars.join(""));
    linesDrawn = bars.length;
    drawnAtMs = now().getTime();
  };

  return {
    follow(event) {
      if (!track(transfers, event, now())) return;
      const isChangeOfBars = changesOfBars.has(event.type);
      if (isChangeOfBars || now().getTime() - drawnAtMs >= redrawEveryMs) draw("");
    },
    writeAbove: (text) => draw(text),
    close() {
      transfers.clear();
      if (linesDrawn > 0) draw("");
    },
  };
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
  else if (event.type === "sync-failed" || changesOfBars.has(event.type)) transfers.delete(mirror);
  else return false;
  return true;
}

const barColumns = 24;

/** `noble      [=========>              ]  38%  120/310 files  1.2/3.1 GB  42.0 MB/s  45s left`, cut to fit. */
export function formatBar(transfer: Transfer, now: Date, columns: number): string {
  const { mirror, files, filesDone, sizeBytes, bytesDone } = transfer;
  const share = sizeBytes === 0 ? 1 : Math.min(1, bytesDone / sizeBytes);
  const filled = Math.floor(share * barColumns);
  const bar = "="
    .repeat(filled)
    .padEnd(Math.min(barColumns, filled + 1), ">")
    .padEnd(barColumns);
  const elapsedMs = now.getTime() - transfer.startedAt.getTime();
  const bytesPerSecond = elapsedMs === 0 ? 0 : (bytesDone / elapsedMs) * 1000;
  const left =
    bytesPerSecond === 0 ? "" : `  ${formatSpan(((sizeBytes - bytesDone) / bytesPerSecond) * 1000)} left`;
  const percent = `${Math.floor(share * 100)}%`.padStart(4);
  const counts = `${filesDone}/${files} files  ${formatBytes(bytesDone)}/${formatBytes(sizeBytes)}  ${formatBytes(Math.round(bytesPerSecond))}/s`;
  return `${mirror}  [${bar}] ${percent}  ${counts}${left}`.slice(0, Math.max(0, columns));
}
