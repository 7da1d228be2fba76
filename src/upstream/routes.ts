import type { Dispatcher } from "undici";
import type { ConnectionPools, ProxyRoute } from "./connection-pools.ts";
import { isTrustedWith, proxyCredentialsFor } from "./credentials.ts";
import { proxyFor } from "./proxy.ts";
import type { TlsMaterial, UpstreamSettings } from "./settings.ts";

/** The connections to ask `url` over, on behalf of the base URL. */
export type Routes = (url: URL, base: URL) => Dispatcher;

export function createRoutes(settings: UpstreamSettings, pools: ConnectionPools): Routes {
  // Whoever an upstream redirects to is shown no client certificate, and has a name of its own.
  const publicTls: TlsMaterial = { ...settings.tls, cert: undefined, key: undefined, serverName: undefined };
  // Pools compare all of the TLS material, certificates included: too slow for each of many thousand requests.
  const known = new Map<string, Dispatcher>();
  return (url, base) => {
    const isTrusted = isTrustedWith(url, base);
    const key = `${url.origin} ${isTrusted}`;
    const dispatcher =
      known.get(key) ??
      pools.dispatcherFor({
        origin: url.origin,
        proxy: proxyRouteFor(url, settings),
        tls: isTrusted ? settings.tls : publicTls,
        maxConns: settings.maxConns,
        connectMs: settings.timeouts.connectMs,
      });
    known.set(key, dispatcher);
    return dispatcher;
  };
}

function proxyRouteFor(url: URL, { proxy, authEntries }: UpstreamSettings): ProxyRoute | undefined {
  const found = proxyFor(url, proxy);
  if (found === undefined) return undefined;
  return { origin: found.origin, authorization: proxyCredentialsFor(found, authEntries) };
}
