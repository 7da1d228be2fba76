import { findMirror, type MirrorConfig } from "../config/index.ts";
import { type History, openHistory } from "../history/index.ts";
import { mirrorLayout, storeLayout } from "../layout.ts";
import type { MirrorContext } from "../operations/context.ts";
import { usableTempDir } from "../operations/site-owner.ts";
import type { LeftoverPorts } from "../operations/status/index.ts";
import { acquireLock, awaitLock } from "../platform/locks/lock.ts";
import { formatLockHolder } from "../platform/locks/lock-holder.ts";
import { findCommand } from "../platform/machine/host.ts";
import { openPrograms } from "../platform/machine/programs.ts";
import { digestsOf } from "../platform/running-digests.ts";
import { openLocalPublisher, openWorkingMirror } from "../publish/index.ts";
import { openCatalog } from "../snapshot/index.ts";
import {
  createObjectStore,
  openChangelogCache,
  openFirstSeen,
  openInstallabilityMemory,
  openSyncMemory,
  sweepObjects,
  sweepSome,
} from "../store/index.ts";
import { recordingOf } from "./recording.ts";
import type { Caller, Shared } from "./shared.ts";

/** Nobody holds the lock of snapshots for longer, unless files are copied or deleted. */
const waitForSnapshotsMs = 2_000;

/** Opens one mirror for one run. */
export function createMirrorContext(shared: Shared, caller: Caller, mirror: MirrorConfig): MirrorContext {
  const { config, machine, worker } = shared;
  const { who, signal } = caller;
  const layout = mirrorLayout(config.dir, mirror);
  const history = historyOf(shared, caller);
  const emit: MirrorContext["emit"] = (news) => caller.emit({ mirror: mirror.id, ...news });
  const holder = (verb: string): string => formatLockHolder({ who, verb, pid: machine.pid });
  const programs = openPrograms(machine.env.PATH, { signal, signalGroup: machine.signalGroup });
  const tempDir = usableTempDir(machine);
  return {
    mirror,
    layout,
    catalog: openCatalog(layout, signal),
    publisher: openLocalPublisher(layout),
    working: openWorkingMirror(layout, { isPublic: mirror.publish.working }),
    memory: openSyncMemory(layout),
    firstSeen: openFirstSeen(layout),
    installability: openInstallabilityMemory(layout),
    objects: createObjectStore(layout.objects),
    changelogCache: openChangelogCache(layout),
    decoderCommands: decoderCommandsOf(machine.env.PATH),
    invokerFiles: worker.files,
    programs,
    tempDir,
    async openApt() {
      const { openApt } = await import("../clients/index.ts");
      return openApt({ programs, tempDir });
    },
    who,
    signal,
    now: machine.now,
    emit,
    async lockWorkingMirror(verb) {
      worker.assertMayWrite();
      signal.throwIfAborted();
      return acquireLock(layout.workingLock, { holder: holder(verb), what: `mirror ${mirror.id}` });
    },
    async lockSnapshots(verb, waitMs = waitForSnapshotsMs) {
      worker.assertMayWrite();
      const request = { holder: holder(verb), what: `the set of snapshots of ${mirror.id}` };
      return awaitLock(layout.snapshotsLock, request, { waitMs, pause: machine.pause, signal });
    },
    async lockExport(directory) {
      worker.assertMayWrite();
      signal.throwIfAborted();
      // Not in the directory: a disk with FAT, or one on the network, may not have locks that end with the process.
      const path = `${layout.exportLocks}-${digestsOf(Buffer.from(directory)).sha256.slice(0, 16)}.lock`;
      return acquireLock(path, { holder: holder("export"), what: directory });
    },
    ...recordingOf(history, { mirror: mirror.id, who, now: machine.now, emit }),
    history,
    sweep: (some) => (some === undefined ? sweepObjects(layout.objects) : sweepSome(layout.objects, some)),
    other: (id) => createMirrorContext(shared, caller, findMirror(config, id)),
  };
}

/** Opens the history for one run. */
export const historyOf = ({ config, machine }: Shared, { signal }: Caller): History =>
  openHistory(storeLayout(config.dir).history, { pause: machine.pause, signal });

const decoderCommandsOf = (path: string | undefined): MirrorContext["decoderCommands"] => ({
  xz: findCommand("xz", path),
  lz4: findCommand("lz4", path),
});

/** Opens what there is on disk of a mirror that is not, or no longer, in the configuration. */
export const unconfiguredMirror =
  ({ config }: Shared, { signal }: Caller): LeftoverPorts["unconfigured"] =>
  (id, path) => {
    const publish = { staging: "staging", production: "current", working: true };
    const layout = mirrorLayout(config.dir, { id, snapshot: { path }, publish });
    return { layout, catalog: openCatalog(layout, signal), memory: openSyncMemory(layout) };
  };
