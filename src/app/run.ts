import { findMirror, selectMirrors } from "../config/index.ts";
import type { MirrorContext } from "../operations/context.ts";
import type { MirrorStatus } from "../operations/status/index.ts";
import type { SyncOptions } from "../operations/sync/index.ts";
import { freeSpace } from "../platform/space.ts";
import type { Snapshot } from "../snapshot/index.ts";
import { createMirrorContext, historyOf, unconfiguredMirror } from "./mirror-context.ts";
import { notifierOf } from "./notifying.ts";
import type { Caller, Shared } from "./shared.ts";
import { snapshotVerbs } from "./snapshot-verbs.ts";
import { directoryPortsOpener, settingsOpener, syncPortsOpener } from "./sync-ports.ts";
import type { InProduction, Run } from "./verbs.ts";

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
    snapshots: snapshotVerbs({ shared, one, several, telling, tellingOne, openSyncPorts }),
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
