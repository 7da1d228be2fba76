import { type Dispatcher, Pool, ProxyAgent } from "undici";
import type { TlsMaterial } from "./settings.ts";
import { type TlsOptions, tlsOptions } from "./tls.ts";

export interface ProxyRoute {
  readonly origin: string;
  /** For Proxy-Authorization. */
  readonly authorization: string | undefined;
}

export interface Route {
  readonly origin: string;
  readonly proxy: ProxyRoute | undefined;
  readonly tls: TlsMaterial;
  readonly maxConns: number;
  readonly connectMs: number;
}

/**
 * The connections of the whole process: one pool per origin and way of reaching it, so that mirrors of one upstream
 * share its connections and their limit.
 */
export interface ConnectionPools extends AsyncDisposable {
  /** For `upstream/` alone. */
  dispatcherFor(route: Route): Dispatcher;
  /** Ends every connection; requests that are still under way fail. */
  close(): Promise<void>;
}

export function createConnectionPools(): ConnectionPools {
  const dispatchers = new Map<string, Dispatcher>();
  const contexts = new Map<string, TlsOptions>();
  const close = async (): Promise<void> => {
    await Promise.all([...dispatchers.values()].map((dispatcher) => dispatcher.destroy()));
    dispatchers.clear();
  };
  const tlsOf = (route: Route): TlsOptions | undefined =>
    route.origin.startsWith("https:")
      ? remembered(contexts, JSON.stringify(route.tls), () => tlsOptions(route.tls))
      : undefined;
  return {
    dispatcherFor: (route) =>
      remembered(dispatchers, JSON.stringify(route), () => createDispatcher(route, tlsOf(route))),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function createDispatcher(route: Route, tls: TlsOptions | undefined): Dispatcher {
  const options = { connections: route.maxConns, connectTimeout: route.connectMs, allowH2: false };
  if (route.proxy === undefined) return new Pool(route.origin, { ...options, connect: { ...tls } });
  return new ProxyAgent({
    ...options,
    uri: route.proxy.origin,
    ...(route.proxy.authorization === undefined ? {} : { token: route.proxy.authorization }),
    // Else http:// would go through CONNECT, which most proxies allow to port 443 only.
    proxyTunnel: false,
    // Else a proxy that says nothing to CONNECT would be waited for ten times as long as an upstream.
    clientFactory: (origin, given) => new Pool(origin, { ...given, headersTimeout: route.connectMs }),
    // Where requests are forwarded, ProxyAgent would drop the limit of connections.
    factory: (origin, given) => new Pool(origin, { ...(given as Pool.Options), connections: route.maxConns }),
    ...(tls === undefined ? {} : { requestTls: { ...tls } }),
  });
}

function remembered<Value>(values: Map<string, Value>, key: string, create: () => Value): Value {
  const known = values.get(key);
  if (known !== undefined) return known;
  const created = create();
  values.set(key, created);
  return created;
}
