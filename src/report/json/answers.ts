/** What every command prints with --json. Each fact for people has its words beside it, as `message`. */
import type { SnapshotTest } from "../../gates/index.ts";
import type { HistoryEntry } from "../../history/index.ts";
import type { Cause } from "../../installability/index.ts";
import type { ConfigReport } from "../../operations/check-config/index.ts";
import type { ClientConfig } from "../../operations/client-config/index.ts";
import type { DryRunOutcome } from "../../operations/dry-run/index.ts";
import type { InitReport } from "../../operations/init/index.ts";
import type { InstallableReport } from "../../operations/installable/index.ts";
import type { TestedRecipient } from "../../operations/notify/index.ts";
import type { ListedSnapshot } from "../../operations/snapshots/index.ts";
import type { LeftoverMirror, MirrorStatus } from "../../operations/status/index.ts";
import type { SyncOutcome } from "../../operations/sync/index.ts";
import type { TreeReport } from "../../operations/verify/index.ts";
import type { RetentionDecision, Snapshot } from "../../snapshot/index.ts";
import { causeText } from "../words/cause.ts";
import { clientNoteText } from "../words/client-notes.ts";
import { concernText, noteText } from "../words/concerns.ts";
import { remarkText } from "../words/config-remarks.ts";
import { detailText } from "../words/gates/details.ts";
import { gateStateLine, verdictText } from "../words/gates/verdicts.ts";
import { historyDetailText } from "../words/history-details.ts";
import { initNoteText } from "../words/init-notes.ts";
import { missingFileText } from "../words/missing-files.ts";
import { keepReasonText } from "../words/retention.ts";
import { problemText } from "../words/verify/damage-problem.ts";
import { type LeftReason, leftText } from "../words/verify/left-damaged.ts";
import { faultText, treeRemarkText } from "../words/verify/tree-remarks.ts";
import { withFailure } from "./failure.ts";
import type { CheckConfigAnswer } from "./schemas/check-config.ts";
import type { CheckNotifyAnswer } from "./schemas/check-notify.ts";
import type { ClientConfigAnswer } from "./schemas/client-config.ts";
import type { SnapshotApproveAnswer, SnapshotTestAnswer } from "./schemas/gates.ts";
import type { HistoryAnswer } from "./schemas/history.ts";
import type { InitAnswer } from "./schemas/init.ts";
import type { InstallableAnswer } from "./schemas/installable.ts";
import type {
  ProductionAnswer,
  SnapshotCreateAnswer,
  SnapshotDeleteAnswer,
  SnapshotListAnswer,
  SnapshotPinAnswer,
  SnapshotPruneAnswer,
  SnapshotPublishAnswer,
  SnapshotStageAnswer,
} from "./schemas/snapshots.ts";
import type { StatusAnswer } from "./schemas/status.ts";
import type { DryRunAnswer, SyncAnswer } from "./schemas/sync.ts";
import type { VerifyAnswer } from "./schemas/verify.ts";

export const syncJson = (outcomes: readonly SyncOutcome[]): SyncAnswer =>
  outcomes.map((outcome) => {
    if (outcome.kind !== "synced") return withFailure(outcome);
    const missing = outcome.missing.map((file) => ({ ...file, message: missingFileText(file) }));
    return { ...outcome, missing };
  });

export const dryRunJson = (outcomes: readonly DryRunOutcome[]): DryRunAnswer =>
  outcomes.map((outcome) => (outcome.kind === "failed" ? withFailure(outcome) : outcome));

/** Leaves out `indexDigests`, which is for `status` alone. */
export const snapshotCreateJson = ({ meta }: Snapshot): SnapshotCreateAnswer => {
  const { format, name, createdAt, generation, files, packages, sizeBytes, releases, facts } = meta;
  return { format, name, createdAt, generation, files, packages, sizeBytes, releases, facts };
};

export const snapshotListJson = (snapshots: readonly ListedSnapshot[]): SnapshotListAnswer => snapshots;

export const snapshotStageJson = (mirror: string, staging: string): SnapshotStageAnswer => ({
  mirror,
  staging,
});

export const snapshotApproveJson = (mirror: string, approved: string): SnapshotApproveAnswer => ({
  mirror,
  approved,
});

export const snapshotPublishJson = (mirror: string, production: string): SnapshotPublishAnswer => ({
  mirror,
  production,
});

export const snapshotPinJson = (answer: SnapshotPinAnswer): SnapshotPinAnswer => answer;

/** After a promotion or a rollback. */
export const productionJson = (
  shown: readonly { readonly mirror: string; readonly snapshot: Snapshot }[],
): ProductionAnswer => shown.map(({ mirror, snapshot }) => ({ mirror, production: snapshot.name }));

export const snapshotDeleteJson = (
  mirror: string,
  deleted: readonly string[],
  failures: ReadonlyMap<string, unknown>,
): SnapshotDeleteAnswer => ({
  mirror,
  deleted,
  failed: [...failures].map(([name, error]) => withFailure({ name, error })),
});

export const snapshotPruneJson = (
  pruned: readonly { readonly mirror: string; readonly decisions: readonly RetentionDecision[] }[],
): SnapshotPruneAnswer =>
  pruned.map(({ mirror, decisions }) => ({
    mirror,
    decisions: decisions.map(({ candidate: { name, createdAt }, keep, keptBecause }) => ({
      candidate: { name, createdAt },
      keep,
      keptBecause: keptBecause.map((reason) => ({ ...reason, message: keepReasonText(reason) })),
    })),
  }));

export const verifyJson = (trees: readonly TreeReport[]): VerifyAnswer =>
  trees.map(({ damages, faults, remarks, ...tree }) => ({
    ...tree,
    damages: damages.map(({ path, problem, repaired, left }) => ({
      path,
      problem: { ...problem, message: problemText(path, problem) },
      repaired,
      ...(left === undefined ? {} : { left: { ...left, ...withTodo(left) } }),
    })),
    faults: faults.map((fault) => ({ ...fault, message: faultText(fault) })),
    remarks: remarks.map((remark) => ({ ...remark, message: treeRemarkText(remark) })),
  }));

function withTodo(left: LeftReason): { readonly message: string; readonly todo: string } {
  const { reason, todo } = leftText(left);
  return { message: reason, todo };
}

export const installableJson = ({ machines, ...report }: InstallableReport): InstallableAnswer => ({
  ...report,
  machines: machines.map(({ uninstallable, together, ...machine }) => ({
    ...machine,
    uninstallable: uninstallable.map(({ causes, ...id }) => ({ ...id, causes: causes.map(withText) })),
    ...(together === undefined ? {} : { together: { ...together, causes: together.causes.map(withText) } }),
  })),
});

const withText = (cause: Cause) => ({ ...cause, message: causeText(cause) });

export const snapshotTestJson = ({
  mirror,
  snapshot,
  verdict: of,
  results,
}: SnapshotTest): SnapshotTestAnswer => ({
  schema: "mirrorctl.test/1",
  mirror,
  snapshot,
  verdict: of,
  gates: results.map(({ criterion, verdict, seconds, at }) => {
    const { measured, allowed, todo } = verdictText({ criterion, verdict }, { mirror, name: snapshot });
    const found = verdict.kind === "not-applicable" ? { details: [], more: 0 } : verdict;
    return {
      gate: criterion.gate,
      verdict: verdict.kind,
      measured: "measured" in found ? found.measured : undefined,
      until: "until" in verdict ? verdict.until : undefined,
      seconds,
      at,
      details: found.details.map((fact) => ({ fact, message: detailText(fact) })),
      more: found.more,
      text: { measured, allowed, todo },
    };
  }),
});

export const statusJson = (
  statuses: readonly MirrorStatus[],
  leftovers: readonly LeftoverMirror[],
): StatusAnswer => [
  ...statuses.map((status) => ({
    ...status,
    gates: status.gates.map((state) => ({
      gate: state.criterion.gate,
      verdict: state.verdict?.kind,
      at: state.at,
      message: gateStateLine(state),
    })),
    concerns: status.concerns.map((concern) => ({ ...concern, message: concernText(concern) })),
    notes: status.notes.map((note) => ({ ...note, message: noteText(note) })),
  })),
  ...leftovers,
];

export const historyJson = (entries: readonly HistoryEntry[]): HistoryAnswer =>
  entries.map((entry) => ({ ...entry, detail: historyDetailText(entry) }));

export const checkNotifyJson = (tested: readonly TestedRecipient[]): CheckNotifyAnswer =>
  tested.map(({ to, problem }) => ({ to, sent: problem === undefined, problem }));

export const checkConfigJson = (report: ConfigReport): CheckConfigAnswer => ({
  valid: report.problems.length === 0,
  ...report,
  remarks: report.remarks.map((remark) => ({ ...remark, message: remarkText(remark) })),
});

export const initJson = (
  report: InitReport,
  estimates: readonly DryRunOutcome[] | undefined,
): InitAnswer => ({
  ...report,
  notes: report.notes.map((note) => ({ ...note, message: initNoteText(note) })),
  estimates: estimates && dryRunJson(estimates),
});

export const clientConfigJson = (config: ClientConfig): ClientConfigAnswer => ({
  ...config,
  notes: config.notes.map((note) => ({ ...note, message: clientNoteText(note) })),
});
