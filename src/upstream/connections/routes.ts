import { isTrustedWith, proxyCredentialsFor } from "../credentials/credentials.ts";
import type { ConnectionPool, PipeliningEvent } from "../pipelining/index.ts";
import { type Proxy, proxyFor } from "../proxies/proxy.ts";
import type { TlsMaterial, UpstreamSettings } from "../settings.ts";
import type { ConnectionPools, ProxyRoute, Route } from "./connection-pools.ts";

/** How a URL is reached. */
export interface OpenRoute {
  readonly pool: ConnectionPool;
  readonly proxy: Proxy | undefined;
}

export interface Routes {
  /** The connections to ask `url` over, on behalf of the base URL. */
  routeTo(url: URL, base: URL): OpenRoute;
  /** Requests that keep all connections busy, wherever requests go. */
  readonly requestsAtOnce: number;
}

export function createRoutes(settings: UpstreamSettings, pools: ConnectionPools): Routes {
  // Whoever an upstream redirects to is shown no client certificate, and has a name of its own.
  const publicTls: TlsMaterial = { ...settings.tls, cert: undefined, key: undefined, serverName: undefined };
  // Pools compare all of the TLS material, certificates included: too slow for each of many thousand requests.
  const known = new Map<string, OpenRoute>();
  return {
    routeTo(url, base) {
      const isTrusted = isTrustedWith(url, base);
      const key = `${url.origin} ${isTrusted}`;
      const found = known.get(key);
      if (found !== undefined) return found;
      const proxy = proxyFor(url, settings.proxy);
      const route: Route = {
        origin: url.origin,
        proxy: proxy && proxyRoute(proxy, settings),
        tls: isTrusted ? settings.tls : publicTls,
        maxConns: settings.maxConns,
        connectMs: settings.timeouts.connectMs,
      };
      const { origin } = url;
      const tell = (event: PipeliningEvent): void => settings.onPipelining({ ...event, origin });
      const opened = { pool: pools.poolFor(route, tell), proxy };
      known.set(key, opened);
      return opened;
    },
    get requestsAtOnce() {
      return known
        .values()
        .reduce((most, { pool }) => Math.max(most, pool.requestsAtOnce), settings.maxConns);
    },
  };
}

const proxyRoute = ({ url }: Proxy, { authEntries }: UpstreamSettings): ProxyRoute => ({
  origin: url.origin,
  authorization: proxyCredentialsFor(url, authEntries),
});
