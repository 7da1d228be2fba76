/** Each event in words. The messages of a sync, a promotion and a failure are public: scripts read them. */

import { messageOf } from "../errors.ts";
import type { KeptBecause, MirrorEvent, UnnamedPackage } from "../events.ts";
import type { LogLevel } from "../levels.ts";
import { countOf, formatBytes, formatSpan, formatTime } from "../units.ts";
import { damageText, repairCommand } from "./damage.ts";
import { objectionText } from "./objections.ts";
import { releaseRemarkText } from "./release-remarks.ts";
import { shellWord } from "./shell.ts";
import { shortList } from "./short-list.ts";
import { shortageText, spaceText } from "./shortage.ts";
import { suiteNoteText } from "./suite-notes.ts";
import { variantLeftOutText } from "./variants.ts";
import { goneText, whenAndWhy } from "./when-and-why.ts";

export interface LogMessage {
  readonly level: LogLevel;
  readonly text: string;
}

/** Undefined for events that only move a progress bar. */
export function messageOfEvent<Type extends MirrorEvent["type"]>(
  event: EventOf<Type>,
): LogMessage | undefined {
  const words: (event: EventOf<Type>) => LogMessage | undefined = messages[event.type];
  return words(event);
}

/** In place of a mirror's id, to see where words have it. */
const anyMirror = "\u0000";

/** True where the first line of the words says which mirror they are about. */
export function namesMirror(event: MirrorEvent): boolean {
  const lineFor = (mirror: string): string => messageOfEvent({ ...event, mirror })?.text.split("\n")[0] ?? "";
  return lineFor(anyMirror).includes(anyMirror) || isAbout(event.mirror, lineFor(event.mirror));
}

/** True for "<mirror>: …", as errors and warnings are worded. */
export const isAbout = (mirror: string, text: string): boolean => text.startsWith(`${mirror}: `);

type EventOf<Type extends MirrorEvent["type"]> = Extract<MirrorEvent, { readonly type: Type }>;

const debug = (text: string): LogMessage => ({ level: "debug", text });
const info = (text: string): LogMessage => ({ level: "info", text });
const warn = (text: string): LogMessage => ({ level: "warn", text });
const warnOf = (...lines: readonly string[]): LogMessage => warn(lines.join("\n"));
const error = (text: string): LogMessage => ({ level: "error", text });
const silent = (): undefined => undefined;

const messages: { readonly [Type in MirrorEvent["type"]]: (event: EventOf<Type>) => LogMessage | undefined } =
  {
    "sync-started": ({ mirror }) => info(`Starting sync for mirror: ${mirror}`),
    "dry-run-started": () => info("Performing dry run - no files will be downloaded"),
    "release-requested": () => info("Downloading Release file"),
    "signature-valid": ({ keyIds }) =>
      info(`PGP signature valid - signed by key ${keyIds.map((id) => `0x${id}`).join(", ")}`),
    "suite-noted": ({ suite, note }) => warn(`${suite}: ${suiteNoteText(note)}`),
    "variant-left-out": ({ mirror, ...facts }) => warn(`${mirror}: ${variantLeftOutText(facts)}`),
    "signer-changed": ({ path, expected, found, validUntil }) =>
      warnOf(
        `${path}: signed by ${found.join(" and ")}, but the Release held expects ${expected.join(" or ")} (Signed-By)`,
        `Clients that hold that one refuse this one until ${formatTime(validUntil)}`,
      ),
    "release-remarked": ({ path, remark }) => warn(releaseRemarkText(path, remark)),
    "release-refused": ({ url, reason }) => warn(`${url}: ${reason}`),
    "release-taken": ({ suite, url, date }) =>
      info(
        `Taking the Release of ${suite}${date === undefined ? "" : ` of ${formatTime(date)}`} from ${url}`,
      ),
    "upstream-unchanged": ({ mirror }) => info(`Nothing new upstream for ${mirror}`),
    "upstream-moved": ({ reason, items, mirror, attempt, waitMs }) =>
      warnOf(
        reason,
        ...shortList(items),
        `Reading ${mirror} again in ${formatSpan(waitMs)} (attempt ${attempt})`,
      ),
    "packages-unnamed": ({ packages }) => warn(unnamedText(packages)),
    "files-missing": ({ problem, files }) =>
      warnOf(problem, ...shortList(files), "published all the same: allow_missing"),
    "request-retried": ({ reason, waitMs, next }) =>
      warn(
        next === undefined
          ? `${reason}, trying again in ${(waitMs / 1000).toFixed(1)} s`
          : `${reason}; asking ${next} instead`,
      ),
    "transfer-planned": ({ files, sizeBytes, heldFiles }) => info(transferText(files, sizeBytes, heldFiles)),
    "transfer-progressed": silent,
    "transfer-ended": silent,
    "file-fetched": ({ path, sizeBytes }) => debug(`fetched ${path} (${formatBytes(sizeBytes)})`),
    "disk-space-estimated": ({ sizeBytes }) =>
      info(`Estimated disk space required: ${formatBytes(sizeBytes)}`),
    "space-needed": ({ mirror, path, needed, free }) =>
      info(`${mirror} needs ${spaceText(needed)} in ${path}, which has ${spaceText(free)} free`),
    "space-lacking": ({ mirrors, path, shortage }) => {
      const ids = mirrors.join(", ");
      const head =
        mirrors.length === 1 ? `${ids} does not fit: it needs` : `${ids} do not fit together: they need`;
      return error(`${head} ${shortageText(path, shortage)}`);
    },
    "working-mirror-hidden": ({ mirror, root, names }) =>
      warn(
        `The working mirror of ${mirror} is no longer public: removed ${listOf(names)} from ${root}\nClients read staging and production. To have the names again, set [publish] working = true.`,
      ),
    "production-freezing": ({ name }) => info(`Freezing what is in production as snapshot: ${name}`),
    "sync-completed": ({ mirror }) => info(`Sync completed successfully for ${mirror}`),
    "sync-failed": ({ mirror }) => error(`Sync failed for ${mirror}`),
    "sync-interrupted": ({ mirror }) => debug(`Sync interrupted for ${mirror}`),
    "sync-locked": ({ error: cause }) => error(messageOf(cause)),
    "snapshot-creating": ({ name }) => info(`Creating snapshot: ${name}`),
    "snapshot-name-taken": ({ taken, name: next, kept }) => info(takenText(taken, next, kept)),
    "snapshot-created": ({ how, sizeBytes }) => info(how === "linked" ? createdText : copiedText(sizeBytes)),
    "snapshot-already-there": ({ name }) => info(`Snapshot ${name} holds exactly this already`),
    "snapshot-kept": ({ name }) =>
      info(`Nothing new since snapshot ${name}: it is kept, and no other is made (skip_unchanged)`),
    "staging-left": ({ mirror, name }) =>
      info(`Staging of ${mirror} stays at ${name}: it was staged after the newest snapshot was made`),
    "production-left-missing": ({ mirror, link }) =>
      warn(
        `Production of ${mirror} leads nowhere and was a snapshot before: the sync does not put the working mirror there\n` +
          `To publish a snapshot: mirrorctl snapshot publish ${mirror} NAME\n` +
          `To follow the working mirror from now on: ln -s .live ${shellWord(link)}`,
      ),
    "staging-publishing": () => info("Publishing snapshot to staging"),
    "staging-unchanged": ({ mirror, name }) =>
      info(`${name} is in staging of ${mirror} already: nothing changes`),
    "staging-updated": ({ mirror, name }) => info(`Staging updated: ${mirror} -> ${name}`),
    "promotion-planned": ({ mirror, name, staged, isStaged }) =>
      info(
        `Snapshot ${name} of ${mirror} ${stagedText(staged)}${isStaged ? "" : "; another one is in staging now"}`,
      ),
    "replaced-snapshot-returns": ({ mirror, name, as, older, ...deed }) =>
      warnOf(
        `${mirror}: ${name} goes into production again: the older ${older} was published in its place ${whenAndWhy(deed)}`,
        ...(as === name ? [] : [`It was ${as} then, which has the same contents`]),
      ),
    "promotion-started": ({ mirror, name, isStaged }) =>
      info(`Promoting ${isStaged ? "staging snapshot" : `snapshot ${name}`} to production for ${mirror}`),
    "objection-overridden": ({ mirror, name, objection }) =>
      warn(`${mirror}: ${name} ${objectionText(objection)}\nIt is promoted because of --force`),
    "known-damage": ({ mirror, name, damage }) =>
      warn(
        `${name} of ${mirror} goes into production although it ${damageText(damage)}\nRepair it: ${repairCommand(mirror, name)}`,
      ),
    "rolled-back-returns": ({ mirror, name, as, at, by, reason }) =>
      warn(
        `${name} of ${mirror} goes into production although it ${objectionText({ kind: "rolled-back", as, at, by, reason })}`,
      ),
    "publication-started": ({ mirror, name }) =>
      warn(`Publishing snapshot ${name} directly to production for ${mirror}: staging is bypassed`),
    "rollback-started": ({ mirror, from }) =>
      info(`Rolling back production for ${mirror}${from === undefined ? "" : ` from ${from}`}`),
    "predecessors-gone": ({ mirror, gone, goal }) =>
      warn(
        [
          ...gone.map(
            ({ name, deletion }) => `${mirror}: ${name} was in production before: it ${goneText(deletion)}`,
          ),
          `Going back to ${goal}`,
        ].join("\n"),
      ),
    "production-unchanged": ({ mirror, name }) =>
      info(`${name} is in production of ${mirror} already: nothing changes`),
    "production-updated": ({ mirror, name }) => info(`Production updated: ${mirror} -> ${name}`),
    "link-removed": ({ mirror, link, name }) =>
      warn(`Link removed: ${link} of ${mirror} no longer leads to ${name}`),
    "snapshot-deleted": ({ name }) => info(`Snapshot deleted: ${name}`),
    "snapshot-delete-failed": ({ name, error: cause }) =>
      error(`Cannot delete snapshot ${name}: ${messageOf(cause)}`),
    "space-freed": ({ objects, sizeBytes }) =>
      info(`Freed ${formatBytes(sizeBytes)} in ${countOf(objects, "file")}`),
    "verify-started": ({ mirror, name }) => info(`Verifying ${mirror}: ${name}`),
    "reading-planned": ({ files, sizeBytes }) =>
      debug(`reading ${countOf(files, "file")} (${formatBytes(sizeBytes)})`),
    "reading-progressed": silent,
    "file-read": silent,
    "reading-ended": silent,
    "damage-found": ({ name, problem }) => error(`${name}: ${problem}`),
    "damage-shared": ({ mirror, name, from, files }) =>
      warn(`${name} of ${mirror} has ${countOf(files, "damaged file")} too, shared with ${from}`),
    "damage-repaired": ({ name, path, from, names }) =>
      info(`Repaired ${path} of ${name} from ${sourceWords[from]}: ${countOf(names, "name")}`),
    "damage-left": ({ name, problem, reason, todo }) =>
      error(`${name}: not repaired: ${problem}\n${reason}\n${todo}`),
    "more-damages": ({ name, what, more }) =>
      (what === "repaired" ? info : error)(
        `${name}: and ${more} more ${whatWords[what]}, which --json lists`,
      ),
    "verify-remarked": ({ name, remark }) => info(`${name}: ${remark}`),
    "contradictions-found": contradictionsText,
    "verify-ended": verifiedText,
    warning: ({ message }) => warn(message),
    detail: ({ message }) => debug(message),
  };

const whatWords = { found: "damaged", repaired: "repaired", left: "not repaired" } as const;
const sourceWords = { store: "the store", tree: "another tree", upstream: "upstream" } as const;

function contradictionsText({ name, contradictions }: EventOf<"contradictions-found">): LogMessage {
  const digests = countOf(contradictions.length, "digest");
  const lines = contradictions.map(
    ({ path, source, algorithm, listed, found }) =>
      `${path}: the ${algorithm} digest is ${found}; ${source} lists ${listed}`,
  );
  return info(
    [
      `${name}: upstream lists ${digests} wrongly; the files are right by the digest that decides, and not damaged. apt refuses to download them:`,
      ...shortList(lines),
    ].join("\n"),
  );
}

function stagedText(staged: EventOf<"promotion-planned">["staged"]): string {
  if (staged === undefined) return "is staged, and the history does not say since when";
  return `was staged ${whenAndWhy({ ...staged, reason: undefined })}`;
}

function verifiedText({
  name,
  result,
  files,
  readBytes,
  damaged,
  todo,
}: EventOf<"verify-ended">): LogMessage {
  const read = readBytes === 0 ? "" : `, ${formatBytes(readBytes)} read`;
  const looked = `${countOf(files, "file")}${read}`;
  switch (result) {
    case "whole":
      return info(`${name} is whole: ${looked}`);
    case "repaired":
      return info(`${name} is whole again: ${looked}`);
    case "damaged":
      return error(
        [`${name} is damaged: ${damaged} of ${looked}`, ...(todo === undefined ? [] : [todo])].join("\n"),
      );
    case "gone":
      return info(`${name} was removed or replaced while it was verified`);
  }
}

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
    case "not-known":
      return "has no record in .meta";
  }
}
/** The first few of many. */
const listOf = (names: readonly string[]): string =>
  names.length <= namesShownMax
    ? names.join(", ")
    : `${names.slice(0, namesShownMax).join(", ")} and ${names.length - namesShownMax} more`;
const namesShownMax = 5;

function unnamedText(packages: readonly UnnamedPackage[]): string {
  const what = packages.length === 1 ? "A package is" : `${packages.length} packages are`;
  const lines = packages.map(
    ({ source, line, name, version, path }) => `${source}:${line}: ${name} ${version}: ${bytesText(path)}`,
  );
  const reason = "listed under a path that is not UTF-8; clients that ask for it get 404:";
  return [`${what} left out: ${reason}`, ...shortList(lines)].join("\n");
}

/** As apt asks for it. */
const bytesText = (latin1: string): string =>
  latin1.replace(
    /[^\x21-\x7e]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );

const createdText = "Snapshot created successfully";

const copiedText = (sizeBytes: number): string =>
  `${createdText} - copied ${formatBytes(sizeBytes)}, because it is on another file system than dir`;

function transferText(files: number, sizeBytes: number, heldFiles: number): string {
  const held = heldFiles === 0 ? "" : `, ${heldFiles} held already`;
  const coming = `Downloading ${countOf(files, "file")} (${formatBytes(sizeBytes)})`;
  return files === 0 ? `No files to download${held}` : `${coming}${held}`;
}
