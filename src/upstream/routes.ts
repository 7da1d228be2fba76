import type { ConnectionPool } from "./connection-pool.ts";
import type { ConnectionPools, ProxyRoute, Route } from "./connection-pools.ts";
import { isTrustedWith, proxyCredentialsFor } from "./credentials.ts";
import { proxyFor } from "./proxy.ts";
import type { TlsMaterial, UpstreamSettings } from "./settings.ts";

export interface Routes {
  /** The connections to ask `url` over, on behalf of the base URL. */
  poolFor(url: URL, base: URL): ConnectionPool;
  /** Requests that keep all connections busy, wherever requests go. */
  readonly requestsAtOnce: number;
}

export function createRoutes(settings: UpstreamSettings, pools: ConnectionPools): Routes {
  // Whoever an upstream redirects to is shown no client certificate, and has a name of its own.
  const publicTls: TlsMaterial = { ...settings.tls, cert: undefined, key: undefined, serverName: undefined };
  // Pools compare all of the TLS material, certificates included: too slow for each of many thousand requests.
  const known = new Map<string, ConnectionPool>();
  return {
    poolFor(url, base) {
      const isTrusted = isTrustedWith(url, base);
      const key = `${url.origin} ${isTrusted}`;
      const route = (): Route => ({
        origin: url.origin,
        proxy: proxyRouteFor(url, settings),
        tls: isTrusted ? settings.tls : publicTls,
        maxConns: settings.maxConns,
        connectMs: settings.timeouts.connectMs,
      });
      const tell = (message: string): void => settings.onDetail(`${url.origin}: ${message}`);
      const pool = known.get(key) ?? pools.poolFor(route(), tell);
      known.set(key, pool);
      return pool;
    },
    get requestsAtOnce() {
      return known.values().reduce((most, pool) => Math.max(most, pool.requestsAtOnce), settings.maxConns);
    },
  };
}

function proxyRouteFor(url: URL, { proxy, authEntries }: UpstreamSettings): ProxyRoute | undefined {
  const found = proxyFor(url, proxy);
  if (found === undefined) return undefined;
  return { origin: found.origin, authorization: proxyCredentialsFor(found, authEntries) };
}
