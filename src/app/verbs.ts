import type { SnapshotTest } from "../gates/index.ts";
import type { ClientConfig, ClientConfigOptions } from "../operations/client-config/index.ts";
import type { DiffOptions, TreeDifference } from "../operations/diff/index.ts";
import type { DryRun, DryRunOptions } from "../operations/dry-run/index.ts";
import type { Exported, ExportOptions } from "../operations/export/index.ts";
import type { ApproveOptions, TestOptions } from "../operations/gates/index.ts";
import type { HistoryRequest, ShownHistory } from "../operations/history/index.ts";
import type { ImportedTree, ImportSnapshotsOptions } from "../operations/import-snapshots/index.ts";
import type { InstallableOptions, InstallableReport } from "../operations/installable/index.ts";
import type { NeededKeys } from "../operations/keys/index.ts";
import type { TestedRecipient } from "../operations/notify/index.ts";
import type { RollbackOptions } from "../operations/production/index.ts";
import type { Promoted, PromoteOptions, PromotionPreview } from "../operations/promotion/index.ts";
import type {
  CreateOptions,
  DeleteOutcome,
  ListedSnapshot,
  PinnedSnapshot,
  PruneOptions,
  PruneOutcome,
} from "../operations/snapshots/index.ts";
import type { LeftoverMirror, MirrorStatus } from "../operations/status/index.ts";
import type { SyncOptions, SyncOutcome } from "../operations/sync/index.ts";
import type { VerifyOptions, VerifyOutcome } from "../operations/verify/index.ts";
import type { Snapshot } from "../snapshot/index.ts";
import type { TlsReport } from "../upstream/index.ts";

/**
 * The verbs, for one caller. `ids` are mirrors of the configuration, none for all of them; a verb rejects with
 * ConfigError MIRROR_UNKNOWN for any other. What each verb returns, throws and records is said at its operation.
 */
export interface Run {
  sync(ids: readonly string[], options: SyncOptions): Promise<readonly SyncOutcome[]>;
  dryRun(ids: readonly string[], options: DryRunOptions & Pick<SyncOptions, "from">): Promise<DryRun>;
  readonly snapshots: {
    create(id: string, options: CreateOptions): Promise<Snapshot>;
    import(id: string, options: ImportSnapshotsOptions): Promise<readonly ImportedTree[]>;
    list(ids: readonly string[], options: { readonly detailed: boolean }): Promise<readonly ListedSnapshot[]>;
    diff(id: string, options: DiffOptions): Promise<TreeDifference>;
    verify(id: string, options: VerifyOptions): Promise<VerifyOutcome>;
    delete(
      id: string,
      names: readonly string[],
      options: { readonly force: boolean },
    ): Promise<DeleteOutcome>;
    prune(ids: readonly string[], options: PruneOptions): Promise<readonly PruneOutcome[]>;
    pin(id: string, name: string, note: string | undefined): Promise<PinnedSnapshot>;
    unpin(id: string, name: string): Promise<Snapshot>;
    /** `others` are the mirrors whose production machines use too. */
    checkInstallable(
      id: string,
      others: readonly string[],
      options: InstallableOptions,
    ): Promise<InstallableReport>;
  };
  /** Without a name: the staged snapshot. */
  test(id: string, name: string | undefined, options: TestOptions): Promise<SnapshotTest>;
  approve(id: string, options: ApproveOptions): Promise<Snapshot>;
  stage(id: string, name: string): Promise<Snapshot>;
  publish(id: string, name: string, reason: string | undefined): Promise<Snapshot>;
  promote(ids: readonly string[], options: PromoteOptions): Promise<readonly Promoted[]>;
  previewPromotion(
    ids: readonly string[],
    options: Pick<PromoteOptions, "snapshot" | "newestOlderThanMs">,
  ): Promise<readonly PromotionPreview[]>;
  rollBack(ids: readonly string[], options: RollbackOptions): Promise<readonly InProduction[]>;
  /** Copies a tree into a directory, for a mirrorctl that cannot reach upstream. */
  exportTo(id: string, options: ExportOptions): Promise<Exported>;
  clientConfig(id: string, options: ClientConfigOptions): Promise<ClientConfig>;
  status(ids: readonly string[]): Promise<StatusReport>;
  /** The metrics of all mirrors, as text. */
  metrics(): Promise<string>;
  history(request: HistoryRequest): Promise<ShownHistory>;
  neededKeys(id: string): Promise<NeededKeys>;
  checkTls(id: string): Promise<readonly TlsReport[]>;
  /** Sends a test message to everybody whom the configuration names. */
  testNotify(): Promise<readonly TestedRecipient[]>;
}

/** What production of a mirror shows. */
export interface InProduction {
  readonly mirror: string;
  readonly snapshot: Snapshot;
}

export interface StatusReport {
  readonly mirrors: readonly MirrorStatus[];
  /** Mirrors on disk that are not in the configuration; only if the status of all mirrors is asked for. */
  readonly leftovers: readonly LeftoverMirror[];
}
