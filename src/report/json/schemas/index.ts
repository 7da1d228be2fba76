/** The JSON of every command and of its log, by the name of its page in docs/schemas. */
import type { GenericSchema } from "valibot";
import { checkConfigAnswer } from "./check-config.ts";
import { checkNotifyAnswer } from "./check-notify.ts";
import { checkTlsAnswer } from "./check-tls.ts";
import { clientConfigAnswer } from "./client-config.ts";
import { exportAnswer } from "./export.ts";
import { snapshotApproveAnswer, snapshotTestAnswer } from "./gates.ts";
import { historyAnswer } from "./history.ts";
import { importAnswer, snapshotImportAnswer } from "./import.ts";
import { initAnswer } from "./init.ts";
import { installableAnswer } from "./installable.ts";
import { keyNeededAnswer, keyShowAnswer } from "./keys.ts";
import { logLine, progressLine } from "./log.ts";
import { promotePreviewAnswer } from "./promote-preview.ts";
import { snapshotDiffAnswer } from "./snapshot-diff.ts";
import {
  productionAnswer,
  snapshotCreateAnswer,
  snapshotDeleteAnswer,
  snapshotListAnswer,
  snapshotPinAnswer,
  snapshotPruneAnswer,
  snapshotPublishAnswer,
  snapshotStageAnswer,
} from "./snapshots.ts";
import { statusAnswer } from "./status.ts";
import { dryRunAnswer, syncAnswer } from "./sync.ts";
import { verifyAnswer } from "./verify.ts";
import { versionAnswer } from "./version.ts";

export interface DeclaredAnswer {
  /** What prints it. */
  readonly of: string;
  readonly schema: GenericSchema;
}

export const answers = {
  sync: { of: "mirrorctl sync", schema: syncAnswer },
  "sync-dry-run": { of: "mirrorctl sync --dry-run", schema: dryRunAnswer },
  "snapshot-create": { of: "mirrorctl snapshot create", schema: snapshotCreateAnswer },
  "snapshot-import": { of: "mirrorctl snapshot import", schema: snapshotImportAnswer },
  "snapshot-list": { of: "mirrorctl snapshot list", schema: snapshotListAnswer },
  "snapshot-stage": { of: "mirrorctl snapshot stage", schema: snapshotStageAnswer },
  "snapshot-publish": { of: "mirrorctl snapshot publish", schema: snapshotPublishAnswer },
  "snapshot-promote": { of: "mirrorctl snapshot promote", schema: productionAnswer },
  "snapshot-promote-dry-run": { of: "mirrorctl snapshot promote --dry-run", schema: promotePreviewAnswer },
  "snapshot-rollback": { of: "mirrorctl snapshot rollback", schema: productionAnswer },
  "snapshot-diff": { of: "mirrorctl snapshot diff", schema: snapshotDiffAnswer },
  "snapshot-test": { of: "mirrorctl snapshot test", schema: snapshotTestAnswer },
  "snapshot-approve": { of: "mirrorctl snapshot approve", schema: snapshotApproveAnswer },
  "snapshot-verify": { of: "mirrorctl snapshot verify", schema: verifyAnswer },
  "snapshot-pin": { of: "mirrorctl snapshot pin", schema: snapshotPinAnswer },
  "snapshot-unpin": { of: "mirrorctl snapshot unpin", schema: snapshotPinAnswer },
  "snapshot-delete": { of: "mirrorctl snapshot delete", schema: snapshotDeleteAnswer },
  "snapshot-prune": { of: "mirrorctl snapshot prune", schema: snapshotPruneAnswer },
  "snapshot-installable": { of: "mirrorctl snapshot installable", schema: installableAnswer },
  status: { of: "mirrorctl status", schema: statusAnswer },
  history: { of: "mirrorctl history", schema: historyAnswer },
  "check-config": { of: "mirrorctl check config", schema: checkConfigAnswer },
  "check-tls": { of: "mirrorctl check tls", schema: checkTlsAnswer },
  "key-needed": { of: "mirrorctl key needed", schema: keyNeededAnswer },
  "client-config": { of: "mirrorctl client-config", schema: clientConfigAnswer },
  init: { of: "mirrorctl init", schema: initAnswer },
  "key-show": { of: "mirrorctl key show", schema: keyShowAnswer },
  "check-notify": { of: "mirrorctl check notify", schema: checkNotifyAnswer },
  import: { of: "mirrorctl import", schema: importAnswer },
  export: { of: "mirrorctl export", schema: exportAnswer },
  version: { of: "mirrorctl version", schema: versionAnswer },
  log: { of: "a line of the log in JSON", schema: logLine },
  progress: { of: "a line of the log with the type progress", schema: progressLine },
} as const satisfies Readonly<Record<string, DeclaredAnswer>>;
