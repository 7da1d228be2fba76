import { isTrustedWith, proxyCredentialsFor } from "../credentials/credentials.ts";
import type { ConnectionPool, TellPipelining } from "../pipelining/index.ts";
import { type Proxy, proxyFor } from "../proxies/proxy.ts";
import type { TlsMaterial, UpstreamSettings } from "../settings.ts";
import type { ConnectionPools, ProxyRoute, Route } from "./connection-pools.ts";

/** The connections to an origin, the proxy that they go through, and who hears of events that the requests cause. */
export interface OpenRoute {
  readonly origin: string;
  readonly pool: ConnectionPool;
  readonly tell: TellPipelining;
  readonly proxy: Proxy | undefined;
}

export interface Routes {
  /** Returns the route to `url` for a request on behalf of the base URL. */
  routeTo(url: URL, base: URL): OpenRoute;
  /** Returns the route to what is below the base URL. Making the origins of URLs takes long for many thousand requests. */
  routeBelow(base: URL): OpenRoute;
  /** How many requests keep all connections busy, whatever their origin. */
  readonly requestsAtOnce: number;
}

/** What decides on the way to a server. */
export type RouteSettings = Pick<
  UpstreamSettings,
  "tls" | "proxy" | "authEntries" | "maxConns" | "timeouts" | "onPipelining"
>;

export function createRoutes(settings: RouteSettings, pools: ConnectionPools): Routes {
  // The target of a redirect gets no client certificate, and has its own name.
  const publicTls: TlsMaterial = { ...settings.tls, cert: undefined, key: undefined, serverName: undefined };
  // The key of a pool contains all TLS material, with certificates: too slow to make for each of many thousand requests.
  const known = new Map<string, OpenRoute>();
  const ofBase = new WeakMap<URL, OpenRoute>();
  const routeTo = (url: URL, base: URL): OpenRoute => {
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
    const tell: TellPipelining = (event) => settings.onPipelining({ ...event, origin });
    const opened = { origin, pool: pools.poolFor(route), tell, proxy };
    known.set(key, opened);
    return opened;
  };
  return {
    routeTo,
    routeBelow(base) {
      const found = ofBase.get(base) ?? routeTo(base, base);
      ofBase.set(base, found);
      return found;
    },
    get requestsAtOnce() {
      return known
        .values()
        .reduce((most, { pool }) => Math.max(most, pool.requestsAtOnce), settings.maxConns);
    },
  };
}

const proxyRoute = ({ url }: Proxy, { authEntries }: RouteSettings): ProxyRoute => ({
  origin: url.origin,
  authorization: proxyCredentialsFor(url, authEntries),
});
