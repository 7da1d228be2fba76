import { messageOf } from "../../errors.ts";
import type { ProductionEvent } from "../../events/production.ts";
import { countOf, formatSpan, formatTime } from "../../units.ts";
import { comparisonLines } from "../comparison.ts";
import { damageText, repairCommand } from "../damage.ts";
import { cutOffText } from "../history-details.ts";
import { objectionText } from "../objections.ts";
import { passedOverText } from "../passed-over.ts";
import { shellWord } from "../shell.ts";
import { goneText, whenAndWhy } from "../when-and-why.ts";
import { debug, type EventOf, info, type MessagesOf, warn } from "./message.ts";

export const productionMessages: MessagesOf<ProductionEvent> = {
  "promotion-changes": ({ mirror, name, from, changes }) =>
    info(`${mirror}: ${from} -> ${name}`, ...comparisonLines(changes)),
  "comparison-failed": ({ mirror, name, error }) =>
    warn(
      `${mirror}: what ${name} changes is not known: ${messageOf(error)}`,
      `To see the error again: mirrorctl snapshot diff ${mirror} production ${name} --changelogs`,
    ),
  "production-freezing": ({ name }) => info(`Freezing what is in production as snapshot: ${name}`),
  "production-left-missing": ({ mirror, link }) =>
    warn(
      `Production of ${mirror} leads nowhere and was a snapshot before: the sync does not put the working mirror there`,
      `To publish a snapshot: mirrorctl snapshot publish ${mirror} NAME`,
      `To follow the working mirror from now on: ln -s .live ${shellWord(link)}`,
    ),
  "promotion-planned": ({ mirror, name, staged, isStaged }) =>
    info(
      `Snapshot ${name} of ${mirror} ${stagedText(staged)}${isStaged ? "" : "; another one is in staging now"}`,
    ),
  "snapshots-too-young": ({ mirror, names, leastAgeMs, next, from }) =>
    info(
      `${countOf(names.length, "snapshot")} of ${mirror} ${names.length === 1 ? "is" : "are"} not ${formatSpan(leastAgeMs)} old yet; ${next} is from ${formatTime(from)} on`,
    ),
  "snapshot-passed-over": ({ mirror, passedOver }) =>
    warn(`Passing over ${passedOver.name} of ${mirror}: it ${passedOverText(passedOver)}`),
  "replaced-snapshot-returns": ({ mirror, name, as, older, ...deed }) =>
    warn(
      `${mirror}: ${name} goes into production again: the older ${older} was published in its place ${whenAndWhy(deed)}`,
      ...(as === name ? [] : [`It was ${as} then, which has the same contents`]),
    ),
  "promotion-started": ({ mirror, name, isStaged }) =>
    info(`Promoting ${isStaged ? "staging snapshot" : `snapshot ${name}`} to production for ${mirror}`),
  "objection-overridden": ({ mirror, name, objection }) =>
    warn(`${mirror}: ${name} ${objectionText(objection)}`, "It is promoted because of --force"),
  "known-damage": ({ mirror, name, damage }) =>
    warn(
      `${name} of ${mirror} goes into production although it ${damageText(damage)}`,
      `Repair it: ${repairCommand(mirror, name)}`,
    ),
  "rolled-back-returns": ({ mirror, name, as, at, by, reason }) =>
    warn(
      `${name} of ${mirror} goes into production although it ${objectionText({ kind: "rolled-back", as, at, by, reason })}`,
    ),
  "publication-started": ({ mirror, name }) =>
    warn(`Publishing snapshot ${name} directly to production for ${mirror}: staging and gates are bypassed`),
  "rollback-started": ({ mirror, from }) =>
    info(`Rolling back production for ${mirror}${from === undefined ? "" : ` from ${from}`}`),
  "predecessors-gone": ({ mirror, gone, goal }) =>
    warn(
      ...gone.map(
        ({ name, deletion }) => `${mirror}: ${name} was in production before: it ${goneText(deletion)}`,
      ),
      `Going back to ${goal}`,
    ),
  "production-unchanged": ({ mirror, name }) =>
    info(`${name} is in production of ${mirror} already: nothing changes`),
  "production-updated": ({ mirror, name }) => info(`Production updated: ${mirror} -> ${name}`),
  "files-carried": ({ files, graceMs }) =>
    debug(`${countOf(files, "file")} of what was shown before stay within reach for ${formatSpan(graceMs)}`),
  "files-not-carried": ({ mirror, reason }) =>
    warn(
      reason === undefined
        ? `${mirror}: the disk is full, so that clients in the middle of an update may have to repeat it`
        : `${mirror}: clients in the middle of an update may have to repeat it: ${reason}`,
    ),
  "release-goes-back": ({ name, suites }) =>
    warn(
      `${name} has an older Release than what was in production (${suites.join(", ")}): apt never goes back by itself, so clients that have seen the newer one keep its lists, without an error, until production has a Release that is even newer`,
      "To take a client back at once: rm -r /var/lib/apt/lists/* && apt-get update",
    ),
  "release-expires": ({ name, suite, validUntil, leftMs }) => {
    const when =
      leftMs > 0
        ? `expires in ${formatSpan(leftMs)}`
        : `has expired (Valid-Until ${validUntil.toISOString()})`;
    return warn(`${name}: the Release of ${suite} ${when}; clients then refuse it`);
  },
  "production-restored": ({ mirror, action }) =>
    warn(`Production of ${mirror} was put back: the ${nounOf[action]} failed`),
  "production-not-restored": ({ mirror, name, reason }) =>
    warn(`${mirror}: ${notRestoredText({ name, reason })}`),
  "cut-off-move-found": ({ mirror, ...found }) => warn(`${mirror}: ${cutOffText(found)}`),
};

const nounOf = { promote: "promotion", publish: "publication", rollback: "rollback" } as const;

/** Also for the history. */
export const notRestoredText = ({
  name,
  reason,
}: Pick<EventOf<"production-not-restored">, "name" | "reason">): string =>
  `production could not be put back and may show ${name}: ${reason}`;

function stagedText(staged: EventOf<"promotion-planned">["staged"]): string {
  if (staged === undefined) return "is staged, and the history does not say since when";
  return `was staged ${whenAndWhy({ ...staged, reason: undefined })}`;
}
