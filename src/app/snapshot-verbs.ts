import type { MirrorContext } from "../operations/context.ts";
import type { SyncPorts } from "../operations/sync/index.ts";
import type { Shared } from "./shared.ts";
import { directoryPortsOpener } from "./sync-ports.ts";
import type { Run } from "./verbs.ts";

/** What the verbs of one run have in common. */
interface RunPorts {
  readonly shared: Shared;
  /** Opens a mirror of the configuration. */
  readonly one: (id: string) => MirrorContext;
  /** Opens these mirrors, or all of them if none is named. */
  readonly several: (ids: readonly string[]) => readonly MirrorContext[];
  /** Tells what the work changes; see `Notifier`. */
  readonly telling: <Result>(
    mirrors: readonly MirrorContext[],
    work: (mirrors: readonly MirrorContext[]) => Promise<Result>,
  ) => Promise<Result>;
  readonly tellingOne: <Result>(
    mirror: MirrorContext,
    work: (mirror: MirrorContext) => Promise<Result>,
  ) => Promise<Result>;
  readonly openSyncPorts: (mirror: MirrorContext) => Promise<SyncPorts>;
}

/** The verbs of `mirrorctl snapshot`. */
export const snapshotVerbs = ({
  shared,
  one,
  several,
  telling,
  tellingOne,
  openSyncPorts,
}: RunPorts): Run["snapshots"] => ({
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
});
