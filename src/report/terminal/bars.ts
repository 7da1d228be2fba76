import type { Transfer } from "../transfers.ts";
import { formatBytes, formatSpan } from "../units.ts";
import { cutEnd, cutMiddle } from "./display-width.ts";

interface Parts {
  readonly name: string;
  readonly share: number;
  readonly percent: string;
  readonly files: string;
  readonly sizes: string;
  readonly rate: string;
  readonly left: string;
}

type Figure = "percent" | "files" | "sizes" | "rate" | "left";

/** From the widest layout to the narrowest. */
const layouts: readonly { readonly hasBar: boolean; readonly figures: readonly Figure[] }[] = [
  { hasBar: true, figures: ["percent", "files", "sizes", "rate", "left"] },
  { hasBar: true, figures: ["percent", "sizes", "rate", "left"] },
  { hasBar: true, figures: ["percent", "rate", "left"] },
  { hasBar: false, figures: ["percent", "rate", "left"] },
];

const barColumnsMax = 24;
const barColumnsMin = 8;
const nameColumnsMin = 12;
const gap = "  ";

/**
 * Returns one line for each transfer, aligned and never wider than `columns`:
 * `noble      [=========>              ]  38%  120/310 files  1.2 GB/3.1 GB  42.0 MB/s  45s left`. If that is too wide,
 * the bar shrinks, then figures are left out. The rate and the time left stay.
 */
export function formatBars(transfers: readonly Transfer[], now: Date, columns: number): string[] {
  const lines = transfers.map((transfer) => partsOf(transfer, now));
  const nameColumns = Math.min(widest(lines, "name"), Math.max(nameColumnsMin, Math.floor(columns / 4)));
  for (const { hasBar, figures } of layouts) {
    const figureColumns = figures.reduce((sum, figure) => sum + roomFor(figure, transfers) + gap.length, 0);
    const barColumns = columns - nameColumns - figureColumns - (hasBar ? "  []".length : 0);
    if (barColumns < (hasBar ? barColumnsMin : 0)) continue;
    const bar = hasBar ? Math.min(barColumnsMax, barColumns) : undefined;
    return lines.map((line) => lineOf(line, lines, { nameColumns, bar, figures }));
  }
  const narrow = {
    nameColumns: Math.min(nameColumns, nameColumnsMin / 2),
    bar: undefined,
    figures: ["percent", "left"],
  } as const;
  return lines.map((line) => cutEnd(lineOf(line, lines, narrow), columns));
}

function partsOf({ mirror, startedAt, files, filesDone, sizeBytes, bytesDone }: Transfer, now: Date): Parts {
  const share = sizeBytes === 0 ? 1 : Math.min(1, bytesDone / sizeBytes);
  const elapsedMs = now.getTime() - startedAt.getTime();
  const bytesPerSecond = elapsedMs === 0 ? 0 : (bytesDone / elapsedMs) * 1000;
  const leftMs = Math.max(0, ((sizeBytes - bytesDone) / bytesPerSecond) * 1000);
  return {
    name: mirror,
    share,
    percent: `${Math.floor(share * 100)}%`.padStart(4),
    files: `${filesDone}/${files} files`,
    sizes: `${formatBytes(bytesDone)}/${formatBytes(sizeBytes)}`,
    rate: `${formatBytes(Math.round(bytesPerSecond))}/s`,
    left: bytesPerSecond === 0 ? "" : `${formatSpan(leftMs)} left`,
  };
}

/** Returns the most columns that a figure may need until the end, so that the bar keeps its length. */
function roomFor(figure: Figure, transfers: readonly Transfer[]): number {
  const texts = transfers.map(({ files, sizeBytes }) => {
    switch (figure) {
      case "percent":
        return "100%";
      case "files":
        return `${files}/${files} files`;
      case "sizes":
        return `999.9 kB/${formatBytes(sizeBytes)}`;
      case "rate":
        return "999.9 MB/s";
      case "left":
        return "59m 59s left";
    }
  });
  return Math.max(0, ...texts.map((text) => text.length));
}

const widest = (lines: readonly Parts[], part: Figure | "name"): number =>
  Math.max(0, ...lines.map((line) => line[part].length));

interface Layout {
  readonly nameColumns: number;
  /** The length of the bar; undefined for none. */
  readonly bar: number | undefined;
  readonly figures: readonly Figure[];
}

function lineOf(line: Parts, lines: readonly Parts[], { nameColumns, bar, figures }: Layout): string {
  const name = cutMiddle(line.name, nameColumns).padEnd(nameColumns);
  const [percent = "", ...others] = figures.map((figure) => line[figure].padStart(widest(lines, figure)));
  const start = bar === undefined ? [name, percent] : [name, `[${barOf(line.share, bar)}] ${percent}`];
  return [...start, ...others].join(gap).trimEnd();
}

function barOf(share: number, columns: number): string {
  const filled = Math.floor(share * columns);
  return "="
    .repeat(filled)
    .padEnd(Math.min(columns, filled + 1), ">")
    .padEnd(columns);
}
