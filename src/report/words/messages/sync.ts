import { messageOf } from "../../errors.ts";
import type { ExportLabel, SyncEvent } from "../../events/sync.ts";
import { countOf, formatTime } from "../../units.ts";
import { listOf } from "../short-list.ts";
import { debug, error, info, type MessagesOf, warn } from "./message.ts";

export const syncMessages: MessagesOf<SyncEvent> = {
  "sync-started": ({ mirror }) => info(`Starting sync for mirror: ${mirror}`),
  "upstream-replaced": ({ directory, label }) =>
    info(`Reading ${directory} in place of upstream${label === undefined ? "" : `: ${labelText(label)}`}`),
  "dry-run-started": () => info("Performing dry run - no files will be downloaded"),
  "working-mirror-hidden": ({ mirror, root, names }) =>
    warn(
      `The working mirror of ${mirror} is no longer public: removed ${listOf(names)} from ${root}`,
      "Clients read staging and production. To have the names again, set [publish] working = true.",
    ),
  "first-seen-rebuilt": ({ files, trees }) =>
    debug(`Recorded when ${countOf(files, "file")} were first seen, from ${countOf(trees, "tree")}`),
  "first-seen-unread": ({ mirror, name, error: cause }) =>
    warn(
      `${name} of ${mirror} cannot be read, so packages that only it holds count as new: ${messageOf(cause)}`,
      `Check it: mirrorctl snapshot verify ${mirror}`,
    ),
  "sync-completed": ({ mirror }) => info(`Sync completed successfully for ${mirror}`),
  "sync-failed": ({ mirror }) => error(`Sync failed for ${mirror}`),
  "sync-interrupted": ({ mirror }) => debug(`Sync interrupted for ${mirror}`),
  "sync-locked": ({ error: cause }) => error(messageOf(cause)),
  "sync-left": ({ reason }) => info(`${reason}, so there is nothing to do`),
  "passwords-exposed": ({ path }) =>
    warn(`${path} holds passwords and can be read by others: chmod 600 ${path}`),
};

function labelText({ mirror, snapshot, since, exportedAt }: ExportLabel): string {
  const what =
    snapshot === undefined ? `the working mirror of ${mirror}` : `snapshot ${snapshot} of ${mirror}`;
  const without = since === undefined ? "" : `, without what ${since} has`;
  return `an export of ${what}${without}, of ${formatTime(exportedAt)}`;
}
