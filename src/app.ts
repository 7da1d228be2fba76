/** The composition root: from a configuration and the surroundings to what the verbs are handed. */
import { dirname } from "node:path";
import type { Config, MirrorConfig } from "./config/index.ts";
import { type History, type HistoryEntry, openHistory } from "./history/index.ts";
import { mirrorLayout, storeLayout } from "./layout.ts";
import type { MirrorContext } from "./operations/context.ts";
import { actAsOwner, usableTempDir, type Worker } from "./operations/site-owner.ts";
import type { LeftoverPorts } from "./operations/status/index.ts";
import type { SyncPorts } from "./operations/sync/index.ts";
import { tlsMaterialOf } from "./operations/tls-material.ts";
import { freeSpace } from "./platform/files.ts";
import { findCommand, type Host } from "./platform/host.ts";
import type { InvokerFiles } from "./platform/invoker-files.ts";
import { acquireLock, awaitLock } from "./platform/locks/lock.ts";
import { formatLockHolder } from "./platform/locks/lock-holder.ts";
import { openPublicLinks, openWorkingMirror } from "./publish/index.ts";
import { messageOf } from "./report/errors.ts";
import type { Emit } from "./report/events.ts";
import { openCatalog } from "./snapshot/index.ts";
import { createObjectStore, openSyncMemory, sweepObjects } from "./store/index.ts";
import type { AuthConf, ConnectionPools, Timeouts, UpstreamSettings } from "./upstream/index.ts";
import { userAgent } from "./version.ts";

export interface App extends AsyncDisposable {
  readonly config: Config;
  readonly history: History;
  readonly worker: Worker;
  readonly mirror: (mirror: MirrorConfig) => MirrorContext;
  /** What there is on disk of a mirror that is not, or no longer, in the configuration. */
  readonly unconfigured: LeftoverPorts["unconfigured"];
  readonly openSyncPorts: (mirror: MirrorContext) => Promise<SyncPorts>;
}

/** `timeouts` takes the place of the usual patience with upstreams. */
export function createApp(config: Config, host: Host, emit: Emit, timeouts?: Timeouts): App {
  const store = storeLayout(config.dir);
  const history = openHistory(store.history);
  const worker = actAsOwner(config, host);
  let pools: ConnectionPools | undefined;
  let auth: AuthConf | undefined;
  return {
    config,
    history,
    worker,
    mirror: (mirror) => createMirrorContext(config, mirror, worker, history, host, emit),
    unconfigured(id, path) {
      const publish = { staging: "staging", production: "current", working: true };
      const layout = mirrorLayout(config.dir, { id, snapshot: { path }, publish });
      return { layout, catalog: openCatalog(layout), memory: openSyncMemory(layout) };
    },
    async openSyncPorts({ mirror, emit: tell }) {
      // undici takes longer to load than most verbs take to run.
      const upstream = await import("./upstream/index.ts");
      pools ??= upstream.createConnectionPools();
      // Passwords of upstreams and proxies stand beside the configuration.
      auth ??= warnOfExposed(upstream.readAuthConf(dirname(config.path), worker.files), tell);
      const settings = await upstreamSettings(
        config,
        mirror,
        { auth, files: worker.files },
        host,
        emit,
        upstream,
      );
      return {
        upstream: upstream.createUpstream(
          timeouts === undefined ? settings : { ...settings, timeouts },
          pools,
        ),
        freeSpace,
        tempDir: usableTempDir(host),
        pause: host.pause,
        maxConns: config.maxConns,
      };
    },
    [Symbol.asyncDispose]: async () => pools?.close(),
  };
}

const waitForSnapshotsMs = 2_000;

function createMirrorContext(
  config: Config,
  mirror: MirrorConfig,
  worker: Worker,
  history: History,
  host: Host,
  emit: Emit,
): MirrorContext {
  const layout = mirrorLayout(config.dir, mirror);
  const tell: MirrorContext["emit"] = (news) => emit({ mirror: mirror.id, ...news });
  const holder = (verb: string): string => formatLockHolder({ who: host.who, verb, pid: host.pid });
  return {
    mirror,
    layout,
    catalog: openCatalog(layout),
    links: openPublicLinks(layout),
    working: openWorkingMirror(layout, { isPublic: mirror.publish.working }),
    memory: openSyncMemory(layout),
    objects: createObjectStore(layout.objects),
    decoderCommands: { xz: findCommand("xz", host.env.PATH), lz4: findCommand("lz4", host.env.PATH) },
    invokerFiles: worker.files,
    signal: host.signal,
    now: host.now,
    emit: tell,
    async lockWorkingMirror(verb) {
      worker.assertMayWrite();
      return acquireLock(layout.workingLock, { holder: holder(verb), what: `mirror ${mirror.id}` });
    },
    async lockSnapshots(verb, waitMs = waitForSnapshotsMs) {
      worker.assertMayWrite();
      const request = { holder: holder(verb), what: `the set of snapshots of ${mirror.id}` };
      return awaitLock(layout.snapshotsLock, request, { waitMs, pause: host.pause, signal: host.signal });
    },
    ...recordingOf(mirror.id, history, host, tell),
    history,
    sweep: () => sweepObjects(layout.objects),
  };
}

function recordingOf(
  id: string,
  history: History,
  host: Host,
  tell: MirrorContext["emit"],
): Pick<MirrorContext, "record" | "begin" | "end"> {
  let reported: string | undefined;
  const write = (entry: HistoryEntry): void => {
    try {
      history.record(entry);
    } catch (error) {
      const reason = messageOf(error);
      if (reason !== reported) tell({ type: "history-unwritten", error }); // once for a full disk
      reported = reason;
    }
  };
  const entryOf = (line: Omit<HistoryEntry, "at" | "mirror" | "who">): HistoryEntry => ({
    at: host.now(),
    mirror: id,
    who: host.who,
    ...line,
  });
  return {
    record: (line) => write(entryOf(line)),
    begin({ at = host.now(), ...line }) {
      const begun: HistoryEntry = { ...entryOf({ ...line, result: "begun" }), at };
      write(begun);
      return begun;
    },
    end: (begun, how) => write({ ...begun, ...how }),
  };
}

function warnOfExposed(auth: AuthConf, tell: MirrorContext["emit"]): AuthConf {
  for (const path of auth.exposedPaths) {
    tell({ type: "passwords-exposed", path });
  }
  return auth;
}

async function upstreamSettings(
  config: Config,
  mirror: MirrorConfig,
  { auth, files }: { readonly auth: AuthConf; readonly files: InvokerFiles },
  host: Host,
  emit: Emit,
  { defaultBackoff, defaultTimeouts }: typeof import("./upstream/index.ts"),
): Promise<UpstreamSettings> {
  return {
    baseUrls: mirror.urls,
    maxConns: config.maxConns,
    tls: await tlsMaterialOf(mirror.tls, files),
    proxy: proxyOf(host.env),
    authEntries: auth.entries,
    userAgent,
    retry: { ...defaultBackoff, now: host.now, pause: host.pause },
    timeouts: defaultTimeouts,
    onRetry: (event) => emit({ mirror: mirror.id, type: "request-retried", ...event }),
    onPipelining: (event) => emit({ mirror: mirror.id, ...event }),
  };
}

/** curl's and apt's names; upper case is read for https alone, since CGI sets HTTP_PROXY from a request's header. */
function proxyOf(env: Host["env"]): UpstreamSettings["proxy"] {
  return {
    httpProxy: env.http_proxy,
    httpsProxy: env.https_proxy ?? env.HTTPS_PROXY,
    httpsVariable: env.https_proxy === undefined ? "HTTPS_PROXY" : "https_proxy",
    noProxy: env.no_proxy ?? env.NO_PROXY,
  };
}
