import * as v from "valibot";
import { snapshotTestAnswer } from "./gates.ts";
import { compared } from "./history.ts";
import { described, list, maybe, message, mirrorId, snapshotName, texts } from "./shapes.ts";

/** `mirrorctl snapshot promote --dry-run --json` */
export const promotePreviewAnswer = list(
  v.object({
    mirror: mirrorId,
    snapshot: described(snapshotName, "what would go into production"),
    production: maybe(described(snapshotName, "what is in production, if the two were compared")),
    unchanged: described(v.boolean(), "it is in production already"),
    changes: maybe(
      described(compared, "left out if nothing is in production, or if they cannot be compared"),
    ),
    test: maybe(described(snapshotTestAnswer, "left out if no gate would run")),
    refused: described(texts, "why it would be refused; empty if it would be promoted"),
    message,
  }),
);

export type PromotePreviewAnswer = v.InferOutput<typeof promotePreviewAnswer>;
