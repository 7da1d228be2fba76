import type { Command } from "commander";
import type { LastSync, MirrorStatus, ShownTree } from "../../operations/status/index.ts";
import { concernText, noteText } from "../../report/concerns.ts";
import { escapeControls } from "../../report/escape-controls.ts";
import { formatBytes, formatSpan, formatTime } from "../../report/units.ts";
import type { CommandHost } from "../command-host.ts";

export function addStatus(program: Command, { runSession }: CommandHost): void {
  program
    .command("status")
    .description("show the last sync, staging, production, expiry and free space")
    .argument("[id...]", "mirrors")
    .option("--check", "exit with status 1 when something needs a person")
    .action((ids: readonly string[], flags: { check?: true }) =>
      runSession(async (session) => {
        const { showStatus } = await import("../../operations/status/index.ts");
        const statuses = session.mirrors(ids).map(showStatus);
        session.print(statuses.map(jsonOf), () =>
          statuses.map((status) => statusText(status, session.host.now())).join("\n"),
        );
        return flags.check === true && statuses.some(({ concerns }) => concerns.length > 0) ? 1 : 0;
      })(),
    );
}

/** Each concern and note has its words beside its facts. */
const jsonOf = (status: MirrorStatus) => ({
  ...status,
  concerns: status.concerns.map((concern) => ({ ...concern, message: concernText(concern) })),
  notes: status.notes.map((note) => ({ ...note, message: noteText(note) })),
});

function statusText(status: MirrorStatus, now: Date): string {
  const lines = [
    status.mirror,
    `  last sync   ${lastSyncText(status.lastSync, now)}`,
    `  staging     ${shownText(status.staging, now)}`,
    `  production  ${shownText(status.production, now)}`,
    `  snapshots   ${status.snapshots}`,
    `  free space  ${status.freeBytes === undefined ? "unknown" : formatBytes(status.freeBytes)}`,
    ...status.concerns.map((concern) => `  attention   ${indented(concernText(concern))}`),
    ...status.notes.map((note) => `  note        ${indented(noteText(note))}`),
  ];
  return `${lines.join("\n")}\n`;
}

const indented = (text: string): string =>
  text
    .split("\n")
    .map(escapeControls)
    .join(`\n${" ".repeat(14)}`);

function lastSyncText(lastSync: LastSync, now: Date): string {
  switch (lastSync.kind) {
    case "known":
      return `${formatTime(lastSync.at)} (${ago(lastSync.at, now)}), ${lastSync.result}`;
    case "none":
      return "never";
    case "unreadable":
      return `unknown (history not readable by this user): ${lastSync.reason}`;
  }
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
  return facts.length === 0 ? shown.name : `${shown.name} (${facts.join(", ")})`;
}

const ago = (time: Date, now: Date): string => `${formatSpan(now.getTime() - time.getTime())} ago`;
