/** Why a snapshot is kept, in words. */
import type { KeepReason } from "../../snapshot/index.ts";
import { pinnedText } from "./pins.ts";

export function keepReasonText(reason: KeepReason): string {
  switch (reason.kind) {
    case "newest":
      return `among the newest ${reason.keepLast}`;
    case "recent":
      return "within the time to keep";
    case "production":
      return "in production";
    case "staging":
      return "staged";
    case "linked":
      return `linked as ${reason.link}`;
    case "pinned":
      return pinnedText(reason.note);
    case "grace":
      return "left production within the grace time";
    case "rollback":
      return "a rollback would go back to it";
    case "history-lost":
      return "a rollback may need it: the history does not say what production was before";
    case "last-sync":
      return "of the last sync";
    case "not-known":
      return "not known to be mirrorctl's: its .meta file is missing or damaged";
  }
}
