/** What a monitoring system shows of `status --check`, in the form of Nagios plug-ins. */
import { countOf } from "../units.ts";
import { type Concern, concernText, type Note, noteText } from "./concerns.ts";

interface CheckedMirror {
  readonly mirror: string;
  readonly concerns: readonly Concern[];
  readonly notes: readonly Note[];
  readonly lastGoodSync: { readonly at: Date } | undefined;
  readonly freeBytes: number | undefined;
}

/** A note to anyone who asks, and a reason to worry for a check: it would report that all is well, whatever the history knows. */
const blindness = "history-unreadable";

/** The worst first: what clients meet now, then what they will meet, then what only the administrator sees. */
const order: Readonly<Record<Concern["kind"] | typeof blindness, number>> = {
  "production-lost": 0,
  "production-deleted": 1,
  "release-expired": 2,
  "link-dangling": 3,
  "snapshot-damaged": 4,
  "release-expiring": 5,
  "sync-failed": 6,
  "history-damaged": 7,
  "working-mirror-damaged": 8,
  "never-synced": 9,
  "gates-failed": 10,
  "link-foreign": 11,
  "history-lost": 12,
  "history-newer": 13,
  "variant-left-out": 14,
  "snapshots-ahead": 15,
  [blindness]: 16,
};

/** Whether the state of a check is not OK. */
export const needsPerson = (mirrors: readonly Pick<CheckedMirror, "concerns" | "notes">[]): boolean =>
  mirrors.some(({ concerns, notes }) => concerns.length > 0 || notes.some(({ kind }) => kind === blindness));

/**
 * Returns "MIRRORCTL WARNING - noble: the last sync failed: …, and 2 more | concerns=3;0 …". The state is that of the exit
 * status, 1.
 */
export function checkLine(mirrors: readonly CheckedMirror[], now: Date): string {
  const reasons = mirrors.flatMap(reasonsOf);
  const [worst, ...others] = reasons.toSorted((a, b) => a.rank - b.rank);
  const measured = perfdata(mirrors, reasons.length, now);
  if (worst === undefined) return `MIRRORCTL OK - ${countOf(mirrors.length, "mirror")} | ${measured}`;
  const [reason = ""] = worst.text().split("\n");
  const shown = reason.length <= reasonMax ? reason : `${reason.slice(0, reasonMax)}…`;
  const more = others.length === 0 ? "" : `, and ${others.length} more`;
  return `MIRRORCTL WARNING - ${worst.mirror}: ${withoutBars(shown)}${more} | ${measured}`;
}

const reasonsOf = ({ mirror, concerns, notes }: CheckedMirror) => [
  ...concerns.map((concern) => ({ mirror, rank: order[concern.kind], text: () => concernText(concern) })),
  ...notes
    .filter(({ kind }) => kind === blindness)
    .map((note) => ({ mirror, rank: order[blindness], text: () => noteText(note) })),
];

/** Some systems cut the line at 255 characters or so. */
const reasonMax = 160;

/** A bar begins the measurements, also in the lines that follow the first. */
export const withoutBars = (text: string): string => text.replaceAll("|", "/");

function perfdata(mirrors: readonly CheckedMirror[], concerns: number, now: Date): string {
  const ages = mirrors.flatMap(({ lastGoodSync }) =>
    lastGoodSync === undefined ? [] : [Math.round((now.getTime() - lastGoodSync.at.getTime()) / 1000)],
  );
  const free = mirrors.flatMap(({ freeBytes }) => freeBytes ?? []);
  return [
    `concerns=${concerns};0`,
    ...(ages.length === 0 ? [] : [`oldest_sync=${Math.max(...ages)}s`]),
    ...(free.length === 0 ? [] : [`free=${Math.min(...free)}B`]),
  ].join(" ");
}
