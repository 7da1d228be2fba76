import { findMirror, selectMirrors } from "../config/index.ts";
import type { SnapshotTest } from "../gates/index.ts";
import type { ClientConfig, ClientConfigOptions } from "../operations/client-config/index.ts";
import type { MirrorContext } from "../operations/context.ts";
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
import { freeSpace } from "../platform/space.ts";
import type { Snapshot } from "../snapshot/index.ts";
import type { TlsReport } from "../upstream/index.ts";
import { createMirrorContext, historyOf, unconfiguredMirror } from "./mirror-context.ts";
import { notifierOf } from "./notifying.ts";
import type { Caller, Shared } from "./shared.ts";
import { directoryPortsOpener, settingsOpener, syncPortsOpener } from "./sync-ports.ts";

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

/** The operations are loaded when a verb is called: `version` must not pay for what `sync` needs. */
export function createRun(shared: Shared, caller: Caller): Run {
  const { config } = shared;
  const open = (mirror: MirrorContext["mirror"]): MirrorContext =>
    createMirrorContext(shared, caller, mirror);
  const one = (id: string): MirrorContext => {
    caller.signal.throwIfAborted();
    return open(findMirror(config, id));
  };
  const several = (ids: readonly string[]): readonly MirrorContext[] => selectMirrors(config, ids).map(open);
  const openSettings = settingsOpener(shared, caller.emit);
  const openSyncPorts = syncPortsOpener(shared, openSettings);
  const portsFor = ({ from }: Pick<SyncOptions, "from">, emit: Caller["emit"]) =>
    from === undefined
      ? syncPortsOpener(shared, settingsOpener(shared, emit))
      : directoryPortsOpener(shared, from);
  const notifier = notifierOf(shared, caller);
  /** Tells what the work changes; see `Notifier`. */
  const telling = <Result>(
    mirrors: readonly MirrorContext[],
    work: (mirrors: readonly MirrorContext[]) => Promise<Result>,
  ): Promise<Result> => notifier.around(mirrors, () => work(mirrors));
  const tellingOne = <Result>(
    mirror: MirrorContext,
    work: (mirror: MirrorContext) => Promise<Result>,
  ): Promise<Result> => notifier.around([mirror], () => work(mirror));
  return {
    async sync(ids, options) {
      const { syncMirrors } = await import("../operations/sync/index.ts");
      const mirrors = selectMirrors(config, ids);
      return notifier.pinging(
        mirrors.map(({ id }) => id),
        (heard) =>
          telling(
            mirrors.map((mirror) => createMirrorContext(shared, heard, mirror)),
            (contexts) => syncMirrors(contexts, portsFor(options, heard.emit), options),
          ),
      );
    },
    async dryRun(ids, options) {
      const { estimateMirrors } = await import("../operations/dry-run/index.ts");
      return estimateMirrors(several(ids), portsFor(options, caller.emit), options);
    },
    snapshots: {
      async create(id, options) {
        const { createSnapshot } = await import("../operations/snapshots/index.ts");
        return tellingOne(one(id), (mirror) => createSnapshot(mirror, options));
      },
      async import(id, options) {
        const { importSnapshots } = await import("../operations/import-snapshots/index.ts");
        return tellingOne(one(id), (mirror) =>
          importSnapshots(
            mirror,
            ({ root, moved }) => directoryPortsOpener(shared, root, moved)(mirror),
            options,
          ),
        );
      },
      async list(ids, options) {
        const { listSnapshots } = await import("../operations/snapshots/index.ts");
        return listSnapshots(several(ids), options);
      },
      async diff(id, options) {
        const { diffTrees } = await import("../operations/diff/index.ts");
        return diffTrees(one(id), options);
      },
      async verify(id, options) {
        const { verifySnapshots } = await import("../operations/verify/index.ts");
        return tellingOne(one(id), (mirror) =>
          verifySnapshots(mirror, { mirrors: several([]), openSyncPorts }, options),
        );
      },
      async delete(id, names, options) {
        const { deleteSnapshots } = await import("../operations/snapshots/index.ts");
        return tellingOne(one(id), (mirror) => deleteSnapshots(mirror, names, options));
      },
      async prune(ids, options) {
        const { pruneEach } = await import("../operations/snapshots/index.ts");
        if (options.dryRun) return pruneEach(several(ids), options);
        return telling(several(ids), (mirrors) => pruneEach(mirrors, options));
      },
      async pin(id, name, note) {
        const { pinSnapshot } = await import("../operations/snapshots/index.ts");
        return pinSnapshot(one(id), name, note);
      },
      async unpin(id, name) {
        const { unpinSnapshot } = await import("../operations/snapshots/index.ts");
        return unpinSnapshot(one(id), name);
      },
      async checkInstallable(id, others, options) {
        const { checkInstallable } = await import("../operations/installable/index.ts");
        return checkInstallable(one(id), others.map(one), options);
      },
    },
    async test(id, name, options) {
      const { testNamed } = await import("../operations/gates/index.ts");
      return tellingOne(one(id), (mirror) => testNamed(mirror, name, options));
    },
    async approve(id, options) {
      const { approveSnapshot } = await import("../operations/gates/index.ts");
      return tellingOne(one(id), (mirror) => approveSnapshot(mirror, options));
    },
    async stage(id, name) {
      const { stageSnapshot } = await import("../operations/production/index.ts");
      return tellingOne(one(id), (mirror) => stageSnapshot(mirror, name));
    },
    async publish(id, name, reason) {
      const { publishSnapshot } = await import("../operations/production/index.ts");
      return tellingOne(one(id), (mirror) => publishSnapshot(mirror, name, reason));
    },
    async promote(ids, options) {
      const { promoteSnapshots } = await import("../operations/promotion/index.ts");
      return telling(several(ids), (mirrors) => promoteSnapshots(mirrors, options));
    },
    async previewPromotion(ids, options) {
      const { previewPromotion } = await import("../operations/promotion/index.ts");
      return previewPromotion(several(ids), options);
    },
    async rollBack(ids, options) {
      const { rollBack } = await import("../operations/production/index.ts");
      return telling(several(ids), async (mirrors) =>
        inProduction(mirrors, await rollBack(mirrors, options)),
      );
    },
    async exportTo(id, options) {
      const { exportMirror } = await import("../operations/export/index.ts");
      return exportMirror(one(id), freeSpace, options);
    },
    async clientConfig(id, options) {
      const { clientConfig } = await import("../operations/client-config/index.ts");
      return clientConfig(one(id), options);
    },
    async status(ids) {
      const { findLeftovers, showStatus } = await import("../operations/status/index.ts");
      const { readKernelLocksOnce } = await import("../platform/locks/lock-holder.ts");
      const readLocks = readKernelLocksOnce();
      const mirrors: MirrorStatus[] = [];
      for (const mirror of several(ids)) {
        caller.signal.throwIfAborted();
        mirrors.push(await showStatus(mirror, readLocks));
      }
      const unconfigured = unconfiguredMirror(shared, caller);
      return { mirrors, leftovers: ids.length === 0 ? await findLeftovers({ config, unconfigured }) : [] };
    },
    async metrics() {
      const { metricsText } = await import("./metrics.ts");
      return metricsText(several([]), caller.signal);
    },
    async history(request) {
      const { showHistory } = await import("../operations/history/index.ts");
      caller.signal.throwIfAborted();
      return showHistory({ config, history: historyOf(shared, caller) }, request);
    },
    async checkTls(id) {
      const { checkMirrorTls } = await import("../operations/check-tls.ts");
      const context = one(id);
      return checkMirrorTls(context, await openSettings(context));
    },
    async neededKeys(id) {
      const { findNeededKeys } = await import("../operations/keys/index.ts");
      const context = one(id);
      const { upstream } = await openSyncPorts(context);
      return findNeededKeys(context, upstream);
    },
    testNotify: () => notifier.test(),
  };
}

/** Both lists are in the order of the mirrors. */
const inProduction = (
  contexts: readonly MirrorContext[],
  shown: readonly Snapshot[],
): readonly InProduction[] =>
  shown.flatMap((snapshot, index) => {
    const mirror = contexts[index]?.mirror.id;
    return mirror === undefined ? [] : [{ mirror, snapshot }];
  });
