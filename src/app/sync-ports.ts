import { dirname } from "node:path";
import type { MirrorConfig } from "../config/index.ts";
import type { MirrorContext } from "../operations/context.ts";
import { usableTempDir } from "../operations/site-owner.ts";
import type { SyncPorts } from "../operations/sync/index.ts";
import { tlsMaterialOf } from "../operations/tls-material.ts";
import type { Machine } from "../platform/machine/host.ts";
import { freeSpace } from "../platform/space.ts";
import type { Emit } from "../report/events.ts";
import type { AuthConf, MovedDirectories, UpstreamSettings } from "../upstream/index.ts";
import { userAgent } from "../version.ts";
import type { Shared } from "./shared.ts";

/** Loads undici, which takes longer than most verbs, when a run first asks for an upstream. */
const loadUpstream = () => import("../upstream/index.ts");

export type OpenSettings = (mirror: MirrorContext) => Promise<UpstreamSettings>;

/** Reads the settings for requests to upstreams. Passwords are read once for each run. */
export function settingsOpener(shared: Shared, emit: Emit): OpenSettings {
  const { config, worker, timeouts } = shared;
  let auth: AuthConf | undefined;
  return async (context) => {
    const { readAuthConf } = await loadUpstream();
    auth ??= warnOfExposed(readAuthConf(dirname(config.path), worker.files), context.emit);
    const settings = await upstreamSettings(shared, context.mirror, auth, emit);
    return timeouts === undefined ? settings : { ...settings, timeouts };
  };
}

/** Opens what a sync needs beyond the other verbs. */
export function syncPortsOpener(
  shared: Shared,
  openSettings: OpenSettings,
): (mirror: MirrorContext) => Promise<SyncPorts> {
  return async (context) => {
    const { createUpstream } = await loadUpstream();
    const upstream = createUpstream(await openSettings(context), await shared.connections.pools());
    return { upstream, ...portsBesideUpstream(shared) };
  };
}

/** Opens the same with a directory in place of the upstream: nothing is requested from a network. */
export const directoryPortsOpener =
  (shared: Shared, directory: string, moved?: MovedDirectories) =>
  async ({ emit }: Pick<MirrorContext, "emit">): Promise<SyncPorts> => {
    const { createDirectoryUpstream } = await loadUpstream();
    const { requireComplete } = await import("../operations/export/index.ts");
    const upstream = createDirectoryUpstream(directory, moved);
    emit({ type: "upstream-replaced", directory, label: requireComplete(directory) });
    // No other server replaces its files meanwhile, so there is nothing to wait for.
    return { upstream, ...portsBesideUpstream(shared), pause: () => Promise.resolve() };
  };

const portsBesideUpstream = ({ config, machine, turns }: Shared): Omit<SyncPorts, "upstream"> => ({
  freeSpace,
  tempDir: usableTempDir(machine),
  pause: machine.pause,
  maxConns: config.maxConns,
  turns,
});

function warnOfExposed(auth: AuthConf, emit: MirrorContext["emit"]): AuthConf {
  for (const path of auth.exposedPaths) {
    emit({ type: "passwords-exposed", path });
  }
  return auth;
}

async function upstreamSettings(
  { config, machine, worker }: Shared,
  mirror: MirrorConfig,
  auth: AuthConf,
  emit: Emit,
): Promise<UpstreamSettings> {
  const { defaultBackoff, defaultTimeouts } = await loadUpstream();
  return {
    baseUrls: mirror.urls,
    maxConns: config.maxConns,
    tls: await tlsMaterialOf(mirror.tls, worker.files),
    proxy: proxyOf(machine.env),
    authEntries: auth.entries,
    userAgent,
    retry: { ...defaultBackoff, now: machine.now, pause: machine.pause },
    timeouts: defaultTimeouts,
    onRetry: (event) => emit({ mirror: mirror.id, type: "request-retried", ...event }),
    onPipelining: (event) => emit({ mirror: mirror.id, ...event }),
  };
}

/**
 * The proxy variables of curl and apt. Upper case counts for https alone: a web server sets HTTP_PROXY from a header of
 * the request (CGI).
 */
export function proxyOf(env: Machine["env"]): UpstreamSettings["proxy"] {
  return {
    httpProxy: env.http_proxy,
    httpsProxy: env.https_proxy ?? env.HTTPS_PROXY,
    httpsVariable: env.https_proxy === undefined ? "HTTPS_PROXY" : "https_proxy",
    noProxy: env.no_proxy ?? env.NO_PROXY,
  };
}
