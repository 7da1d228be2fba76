/** The concerns and notes of `status`. Operations find the facts; the words are here. */
import type { NewerHistory } from "../../history/index.ts";
import type { VariantLeftOut } from "../../plan/index.ts";
import { countOf, formatSpan, formatTime } from "../units.ts";
import { type DamageFacts, damageText, repairCommand } from "./damage.ts";
import { newerHistoryText } from "./history-details.ts";
import { variantLeftOutText } from "./release/variants.ts";
import { shellWord } from "./shell.ts";
import { shortText } from "./short-list.ts";

type PublicName = "staging" | "production";

interface FormerProduction {
  readonly mirror: string;
  readonly name: string | undefined;
  /** Of the last move or deletion of production. */
  readonly at: Date;
  readonly by: string;
}

/** Needs a person: `status` shows it as an attention, and `status --check` exits with 1. */
export type Concern =
  | { readonly kind: "never-synced" }
  /** It has no line of a sync, but the mirror was synced. */
  | { readonly kind: "history-lost" }
  | { readonly kind: "history-damaged"; readonly reason: string }
  | ({ readonly kind: "history-newer" } & NewerHistory)
  | { readonly kind: "sync-failed"; readonly at: Date; readonly reason: string | undefined }
  | { readonly kind: "link-foreign"; readonly link: PublicName; readonly path: string }
  | { readonly kind: "link-dangling"; readonly link: PublicName; readonly name: string }
  /** The link is gone, and no line of the history says why. */
  | ({ readonly kind: "production-lost" } & FormerProduction)
  /** Its snapshot was deleted with --force. */
  | ({ readonly kind: "production-deleted" } & FormerProduction)
  | { readonly kind: "release-expired"; readonly link: PublicName; readonly validUntil: Date }
  | {
      readonly kind: "release-expiring";
      readonly link: PublicName;
      readonly validUntil: Date;
      readonly leftMs: number;
    }
  /** Found by a check, and not repaired since. */
  | ({
      readonly kind: "snapshot-damaged";
      readonly mirror: string;
      readonly name: string;
      readonly shownAs: readonly PublicName[];
    } & DamageFacts)
  | ({ readonly kind: "working-mirror-damaged"; readonly mirror: string } & DamageFacts)
  /** A clock was wrong when they were made, or is wrong now: the newest first. */
  | {
      readonly kind: "snapshots-ahead";
      readonly mirror: string;
      readonly names: readonly string[];
      /** When the newest was made, as its record says. */
      readonly at: Date;
    }
  /** What is staged cannot be promoted. */
  | { readonly kind: "gates-failed"; readonly mirror: string; readonly gates: readonly string[] }
  /** Found by the last sync. `architectures` is what the configuration would have to select. */
  | ({ readonly kind: "variant-left-out"; readonly architectures: readonly string[] } & VariantLeftOut);

type ConcernOf<Kind extends Concern["kind"]> = Extract<Concern, { readonly kind: Kind }>;

export function concernText<Kind extends Concern["kind"]>(concern: ConcernOf<Kind>): string {
  const words: (concern: ConcernOf<Kind>) => string = concernWords[concern.kind];
  return words(concern);
}

const concernWords: { readonly [Kind in Concern["kind"]]: (concern: ConcernOf<Kind>) => string } = {
  "never-synced": () => "never synced",
  "history-lost": () =>
    "the history has no sync of this mirror: it was lost, or the mirror had another id\n" +
    "What was rolled back is not known, and a rollback needs --to. The next sync begins a new history",
  "history-damaged": ({ reason }) =>
    `${reason}\nRestore it from a backup, or move it away: then what was rolled back is forgotten, and a rollback needs --to`,
  "history-newer": newerHistoryText,
  "sync-failed": ({ reason }) => shortText(`the last sync failed: ${reason ?? "see the log"}`),
  "link-foreign": ({ link, path }) => `${link} leads to ${path}, which is not a snapshot of this mirror`,
  "link-dangling": ({ link, name }) => `${link} leads to ${name}, which is gone`,
  "production-lost": ({ mirror, name, at, by }) =>
    `production leads nowhere, and the history has ${name} there: ${by} put it there on ${formatTime(at)}\n${publishHint(mirror)}`,
  "production-deleted": ({ mirror, name, at, by }) =>
    `production leads nowhere: ${by} deleted ${name} with --force on ${formatTime(at)}\n${publishHint(mirror)}`,
  "release-expired": ({ link }) => `${link}: its Release has expired, clients refuse it`,
  "release-expiring": ({ link, leftMs }) =>
    `${link}: its Release expires in ${formatSpan(leftMs)}, and clients refuse it then`,
  "snapshot-damaged": ({ mirror, name, shownAs, ...damage }) => {
    const shown = shownAs.length === 0 ? "" : `, which is in ${shownAs.join(" and ")},`;
    return `${name}${shown} ${damageText(damage)}\nRepair it: ${repairCommand(mirror, name)}`;
  },
  "working-mirror-damaged": ({ mirror, ...damage }) =>
    `the working mirror ${damageText(damage)}\nThe next sync replaces it: mirrorctl sync ${mirror}`,
  "variant-left-out": variantLeftOutText,
  "snapshots-ahead": ({ mirror, names: [newest = "", ...others], at }) =>
    `${newest}${others.length === 0 ? " is" : ` and ${countOf(others.length, "other")} are`} dated in the future (${formatTime(at)}): this machine's clock was ahead then, or is behind now (timedatectl)\n` +
    "Until then it is the newest for prune, and promote --newest-older-than promotes nothing while it is in production.\n" +
    `Once others are in production and staging: mirrorctl snapshot delete ${mirror} ${newest}`,
  "gates-failed": ({ mirror, gates }) =>
    `what is staged fails ${gates.length === 1 ? "the gate" : "the gates"} ${gates.join(", ")}\nSee why: mirrorctl snapshot test ${mirror}`,
};

const publishHint = (mirror: string): string =>
  `Clients find nothing there until a snapshot is published: mirrorctl snapshot publish ${mirror} NAME`;

/** Worth knowing. `status --check` does not fail because of it, except for the first, which hides what it would fail for. */
export type Note =
  | { readonly kind: "history-unreadable"; readonly reason: string }
  /** A rollback took it, or one with the same contents, out of production. */
  | {
      readonly kind: "staged-rolled-back";
      readonly name: string;
      readonly at: Date;
      readonly by: string;
      readonly reason: string | undefined;
    }
  /** No sync moves it, and none makes a snapshot that could. */
  | {
      readonly kind: "production-apart";
      readonly mirror: string;
      readonly name: string;
      /** The path of the link. */
      readonly link: string;
    }
  /** Some of the newest snapshots have the same contents as an older one of them. */
  | {
      readonly kind: "identical-snapshots";
      readonly repeated: number;
      readonly newest: number;
      readonly keepLast: number;
    };

type NoteOf<Kind extends Note["kind"]> = Extract<Note, { readonly kind: Kind }>;

export function noteText<Kind extends Note["kind"]>(note: NoteOf<Kind>): string {
  const words: (note: NoteOf<Kind>) => string = noteWords[note.kind];
  return words(note);
}

const noteWords: { readonly [Kind in Note["kind"]]: (note: NoteOf<Kind>) => string } = {
  "identical-snapshots": ({ repeated, newest, keepLast }) =>
    `${repeated} of the newest ${newest} snapshots ${repeated === 1 ? "repeats an older one and pushes" : "repeat an older one and push"} others out of keep_last = ${keepLast}\n` +
    "[snapshot] skip_unchanged = true makes no snapshot of a sync with nothing new",
  "production-apart": ({ mirror, name, link }) =>
    `production stays at the snapshot ${name}, and syncs of this mirror make no snapshots: nothing new reaches clients\n` +
    `To publish what was synced: mirrorctl snapshot create ${mirror} NAME --stage, then mirrorctl snapshot promote ${mirror}\n` +
    `To follow the working mirror from now on: ln -sfn .live ${shellWord(link)}`,
  "staged-rolled-back": ({ name, at, by, reason }) =>
    `${name} is staged, and was rolled back on ${formatTime(at)} by ${by}${reason === undefined ? "" : `: ${reason}`}\n` +
    "promote refuses it, unless it is forced with a reason",
  "history-unreadable": () =>
    "this user cannot read the history: what only the history knows is not shown\n" +
    "A failed sync and known damage are in it: run status --check as the user that owns `dir`",
};
