import * as v from "valibot";
import { described, list, message, mirrorId, snapshotName } from "./shapes.ts";

const note = v.variant("kind", [
  v.object({ kind: v.literal("keys-unknown"), message }),
  v.object({ kind: v.literal("link-moves"), link: v.string(), message }),
  v.object({ kind: v.literal("snapshot-hidden"), path: v.string(), message }),
]);

/** `mirrorctl client-config --json` */
export const clientConfigAnswer = v.object({
  mirror: mirrorId,
  snapshot: snapshotName,
  url: v.string(),
  files: described(
    list(
      v.object({
        path: v.string(),
        purpose: v.picklist(["sources", "key", "preferences", "phased-updates"]),
        content: v.string(),
      }),
    ),
    "to make on each client",
  ),
  notes: list(note),
});

export type ClientConfigAnswer = v.InferOutput<typeof clientConfigAnswer>;
