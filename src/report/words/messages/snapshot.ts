import { itemsOf, messageOf } from "../../errors.ts";
import type { KeptBecause, SnapshotEvent } from "../../events/snapshot.ts";
import { escapeControls } from "../../terminal/escape-controls.ts";
import { countOf, formatBytes } from "../../units.ts";
import { pinnedText } from "../pins.ts";
import { shortList } from "../short-list.ts";
import { error, info, type MessagesOf, warn } from "./message.ts";

export const snapshotMessages: MessagesOf<SnapshotEvent> = {
  "snapshot-creating": ({ name }) => info(`Creating snapshot: ${name}`),
  "snapshot-name-taken": ({ taken, name, kept }) => info(takenText(taken, name, kept)),
  "snapshot-created": ({ how, sizeBytes }) => info(how === "linked" ? createdText : copiedText(sizeBytes)),
  "snapshot-already-there": ({ name }) => info(`Snapshot ${name} holds exactly this already`),
  "snapshot-imported": ({ name, from, remarks }) =>
    info(`Imported ${from} as snapshot ${name}; it is pinned, so that no prune deletes it`, ...remarks),
  "snapshot-import-refused": ({ from, error: cause }) =>
    error([`${from} is not imported: ${messageOf(cause)}`, ...shortList(itemsOf(cause))].join("\n")),
  "past-directories-unreadable": ({ directories }) =>
    warn(
      `${countOf(directories.length, "directory", "directories")} cannot be read, so no tree there is imported:`,
      ...shortList(directories.map(({ path, why }) => `${escapeControls(path)}: ${whyUnreadable[why]}`)),
    ),
  "snapshot-kept": ({ name }) =>
    info(`Nothing new since snapshot ${name}: it is kept, and no other is made (skip_unchanged)`),
  "staging-left": ({ mirror, name }) =>
    info(`Staging of ${mirror} stays at ${name}: it was staged after the newest snapshot was made`),
  "staging-publishing": () => info("Publishing snapshot to staging"),
  "staging-unchanged": ({ mirror, name }) =>
    info(`${name} is in staging of ${mirror} already: nothing changes`),
  "staging-updated": ({ mirror, name }) => info(`Staging updated: ${mirror} -> ${name}`),
  "snapshot-pinned": ({ name, note }) => info(`Snapshot ${name} is ${pinnedText(note)}`),
  "snapshot-pinned-already": ({ name }) => info(`Snapshot ${name} is pinned already: nothing changes`),
  "snapshot-unpinned": ({ name }) =>
    info(`Snapshot ${name} is not pinned any longer: the next prune decides about it`),
  "snapshot-not-pinned": ({ name }) => info(`Snapshot ${name} is not pinned: nothing changes`),
  "link-removed": ({ mirror, link, name }) =>
    warn(`Link removed: ${link} of ${mirror} no longer leads to ${name}`),
  "snapshot-deleted": ({ name }) => info(`Snapshot deleted: ${name}`),
  "snapshot-delete-failed": ({ name, error: cause }) =>
    error(`Cannot delete snapshot ${name}: ${messageOf(cause)}`),
};

const createdText = "Snapshot created successfully";

const copiedText = (sizeBytes: number): string =>
  `${createdText} - copied ${formatBytes(sizeBytes)}, because it is on another file system than dir`;

function takenText(taken: string, next: string, kept: KeptBecause | undefined): string {
  if (kept === undefined) return `The name ${taken} was used for other contents: this snapshot is ${next}`;
  return `Snapshot ${taken} ${keptText(kept)} and is not replaced: this snapshot is ${next}`;
}

/** The end of a sentence that begins with the snapshot. */
export function keptText(kept: KeptBecause): string {
  switch (kept.kind) {
    case "in-production":
      return "is in production";
    case "was-in-production":
      return "was in production";
    case "linked":
      return `is linked as ${kept.links.join(", ")}`;
    case "pinned":
      return `is ${pinnedText(kept.note)}`;
    case "not-known":
      return "has no record in .meta";
  }
}

const whyUnreadable = {
  denied: "this user may not read it",
  "name-not-utf8": "its name is not UTF-8; rename it",
} as const;
