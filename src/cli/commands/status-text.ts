import type {
  Difference,
  LastSync,
  LeftoverMirror,
  MirrorStatus,
  Running,
  ShownTree,
} from "../../operations/status/index.ts";
import { escapeControls } from "../../report/terminal/escape-controls.ts";
import { countOf, formatBytes, formatSpan, formatTime, formatTimeInUtc } from "../../report/units.ts";
import { checkLine, needsPerson, withoutBars } from "../../report/words/check-line.ts";
import { stagedFixesText } from "../../report/words/comparison.ts";
import { concernText, noteText } from "../../report/words/concerns.ts";
import { gateStatesLines } from "../../report/words/gates/verdicts.ts";
import { shellWord } from "../../report/words/shell.ts";
import { spaceText } from "../../report/words/shortage.ts";

export { needsPerson };

interface Report {
  readonly mirrors: readonly MirrorStatus[];
  readonly leftovers: readonly LeftoverMirror[];
}

export const reportText = ({ mirrors, leftovers }: Report, now: Date): string =>
  [...mirrors.map((status) => statusText(status, now)), ...leftovers.map(leftoverText)].join("\n");

/** The same for a monitoring system: the line that it shows first, and the mirrors that need a person before the others. */
export function checkText({ mirrors, leftovers }: Report, now: Date): string {
  const sorted = mirrors.toSorted((a, b) => Number(needsPerson([b])) - Number(needsPerson([a])));
  const details = withoutBars(reportText({ mirrors: sorted, leftovers }, now));
  return `${escapeControls(checkLine(mirrors, now))}\n${details}`;
}

/** One mirror in a few lines. */
export function statusText(status: MirrorStatus, now: Date): string {
  const { staging, production, difference } = status;
  return textOf(status.mirror, [
    ...runningLines(status.running, now),
    ["last sync", lastSyncText(status.lastSync, now)],
    ...goodSyncLines(status, now),
    ["staging", shownText(staging, now)],
    [
      "production",
      difference?.kind === "same-tree" ? `${production?.name}, as in staging` : shownText(production, now),
    ],
    ...differenceLines(status),
    ...gatesLines(status),
    ["snapshots", snapshotsText(status)],
    ...status.concerns.map((concern) => ["attention", concernText(concern)] as const),
    ...status.notes.map((note) => ["note", noteText(note)] as const),
  ]);
}

export function leftoverText({ mirror, snapshots, sizeBytesAtLeast, paths }: LeftoverMirror): string {
  const size =
    sizeBytesAtLeast === undefined ? "of unknown size" : `at least ${formatBytes(sizeBytesAtLeast)}`;
  return textOf(`${mirror} (not in the configuration)`, [
    ["on disk", `${size}, ${countOf(snapshots, "snapshot")}`],
    ["remove", `rm -r ${removalWords(mirror, paths).join(" ")}`],
    [
      "",
      "once no client reads it and no other configuration names it; the next prune or sync frees the space",
    ],
  ]);
}

/** State and locks are several small files each: one pattern names them. */
function removalWords(mirror: string, paths: readonly string[]): readonly string[] {
  const words = paths.map((path) => {
    const [head, rest] = path.split(`/${mirror}.`);
    return head === undefined || rest === undefined ? shellWord(path) : `${shellWord(`${head}/${mirror}`)}.*`;
  });
  return [...new Set(words)];
}

type Line = readonly [label: string, text: string];

function textOf(title: string, lines: readonly Line[]): string {
  const width = 12;
  const rows = lines.map(([label, text]) => {
    const [first = "", ...rest] = text.split("\n").map(escapeControls);
    return [`  ${label.padEnd(width)}${first}`, ...rest.map((more) => " ".repeat(width + 2) + more)].join(
      "\n",
    );
  });
  return `${[title, ...rows].join("\n")}\n`;
}

function runningLines(running: Running, now: Date): readonly Line[] {
  switch (running.kind) {
    case "none":
      return [];
    case "unknown":
      return [["running", `unknown: ${running.reason}`]];
    case "running": {
      const { verb = "another run", since, by, process } = running;
      const when =
        since === undefined
          ? ""
          : ` since ${formatTime(since)} (${formatSpan(now.getTime() - since.getTime())})`;
      return [["running", `${verb}${when}, ${by === undefined ? "" : `by ${by}, `}process ${process}`]];
    }
  }
}

function lastSyncText(lastSync: LastSync, now: Date): string {
  switch (lastSync.kind) {
    case "known":
      return `${formatTime(lastSync.at)} (${ago(lastSync.at, now)}), ${lastSync.result}`;
    case "none":
      return "never";
    case "forgotten":
      return "unknown: the history has none";
    case "damaged":
      return "unknown: the history is damaged";
    case "unreadable":
      return `unknown (history not readable by this user): ${lastSync.reason}`;
  }
}

/** Only where it was not the last one. */
function goodSyncLines({ lastSync, lastGoodSync }: MirrorStatus, now: Date): readonly Line[] {
  if (lastSync.kind !== "known" || lastSync.result === "done" || lastSync.result === "unchanged") return [];
  if (lastGoodSync === undefined) return [["last good", "never"]];
  const { at, result } = lastGoodSync;
  return [["last good", `${formatTime(at)} (${ago(at, now)}), ${result}`]];
}

function shownText(shown: ShownTree | undefined, now: Date): string {
  if (shown === undefined) return "-";
  const facts = [
    ...(shown.createdAt === undefined ? [] : [`made ${ago(shown.createdAt, now)}`]),
    ...(shown.sizeBytes === undefined ? [] : [formatBytes(shown.sizeBytes)]),
    ...(shown.validUntil === undefined
      ? []
      : [`valid for ${formatSpan(shown.validUntil.getTime() - now.getTime())}`]),
  ];
  const first = facts.length === 0 ? shown.name : `${shown.name} (${facts.join(", ")})`;
  return shown.releases.length === 0 ? first : `${first}\n${releasesText(shown)}`;
}

const releasesText = ({ releases }: ShownTree): string =>
  `Release dates (UTC): ${releases
    .map(({ suite, date }) => `${suite} ${date === undefined ? "unknown" : formatTimeInUtc(date)}`)
    .join(", ")}`;

function differenceLines({ difference, staging, production, changes }: MirrorStatus): readonly Line[] {
  const text = difference === undefined ? undefined : differenceText(difference, staging, production);
  if (text === undefined) return [];
  return [["difference", [text, ...(changes === undefined ? [] : [stagedFixesText(changes)])].join("\n")]];
}

function differenceText(
  difference: Difference,
  staging: ShownTree | undefined,
  production: ShownTree | undefined,
): string | undefined {
  switch (difference.kind) {
    case "same-tree":
      return undefined;
    case "same-indices":
      return "none: staging and production have the same packages";
    case "other-indices":
      return `no package; other indices of ${difference.suites.join(", ")}`;
    case "unknown":
      return `unknown: the Release of ${difference.suites.join(", ")} cannot be read`;
    case "packages": {
      const counts = [staging?.packages, production?.packages];
      const text = `packages of ${difference.suites.join(", ")}`;
      return counts.includes(undefined)
        ? text
        : `${text} (${counts[0]} in staging, ${counts[1]} in production)`;
    }
  }
}

function gatesLines({ gates }: MirrorStatus): readonly Line[] {
  return gates.length === 0 ? [] : [["gates", gateStatesLines(gates).join("\n")]];
}

function snapshotsText(status: MirrorStatus): string {
  const { snapshots, pinned, freeBytes, freeForSnapshotsBytes } = status;
  const free = spaceTextIfAny(freeBytes, status.freeInodes);
  const freeForSnapshots = spaceTextIfAny(freeForSnapshotsBytes, status.freeForSnapshotsInodes);
  return [
    pinned === 0 ? String(snapshots) : `${snapshots} (${pinned} pinned)`,
    ...freeForSnapshots.map((text) => `${text} free for them`),
    ...free.map((text) => `${text} free ${freeForSnapshots.length === 0 ? "on disk" : "in dir"}`),
  ].join(", ");
}

const spaceTextIfAny = (bytes: number | undefined, inodes: number | undefined): readonly string[] =>
  bytes === undefined ? [] : [spaceText({ bytes, inodes })];

function ago(time: Date, now: Date): string {
  const ageMs = now.getTime() - time.getTime();
  return ageMs < 0 ? `${formatSpan(-ageMs)} ahead of the clock` : `${formatSpan(ageMs)} ago`;
}
