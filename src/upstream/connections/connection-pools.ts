import { buildConnector, Client, type Dispatcher, ProxyAgent } from "undici";
import type { Watch } from "../pipelining/index.ts";
import {
  ConnectionLimit,
  ConnectionPool,
  defaultPipelining,
  type PipeliningRules,
} from "../pipelining/index.ts";
import { ProxyClient, withoutAddressAsName } from "../proxies/proxy-client.ts";
import type { TlsMaterial } from "../settings.ts";
import { readingIntoOneBuffer, rewriteAnswers } from "./answer-reading.ts";
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
 * The connections of the whole process: one pool for each origin and route to it, so that mirrors of one upstream share its
 * connections. All pools of a host and port share their limit.
 */
export interface ConnectionPools extends AsyncDisposable {
  /** Used only in this folder. */
  poolFor(route: Route): ConnectionPool;
  /** Ends every connection. Requests under way fail. */
  close(): Promise<void>;
}

export function createConnectionPools(pipelining: PipeliningRules = defaultPipelining): ConnectionPools {
  const pools = new Map<string, ConnectionPool>();
  const limits = new Map<string, ConnectionLimit>();
  const contexts = new Map<string, TlsOptions>();
  const close = async (): Promise<void> => {
    await Promise.all([...pools.values()].map((pool) => pool.destroy()));
    pools.clear();
  };
  const tlsOf = (origin: string | undefined, tls: TlsMaterial): TlsOptions | undefined =>
    origin?.startsWith("https:") === true
      ? remembered(contexts, JSON.stringify(tls), () => tlsOptions(tls))
      : undefined;
  return {
    poolFor: (route) =>
      remembered(pools, JSON.stringify(route), () => {
        // What is configured for the upstream is not sent to a proxy.
        const proxyTls = { ...route.tls, cert: undefined, key: undefined, serverName: undefined };
        const tls = {
          toUpstream: tlsOf(route.origin, route.tls),
          toProxy: tlsOf(route.proxy?.origin, proxyTls),
        };
        const open = opener(route, tls, pipelining.depth);
        const limit = remembered(limits, serverOf(route.origin), () => new ConnectionLimit());
        return new ConnectionPool({ maxConns: route.maxConns, limit, pipelining, open });
      }),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Returns host and port: http and https are two origins, and may be one server. */
function serverOf(origin: string): string {
  const { protocol, hostname, port } = new URL(origin);
  return `${hostname}:${port || (protocol === "https:" ? 443 : 80)}`;
}

/** Returns a function that makes dispatchers of one connection each. */
function opener(
  route: Route,
  tls: { readonly toUpstream: TlsOptions | undefined; readonly toProxy: TlsOptions | undefined },
  pipelining: number,
): (watch: Watch) => Dispatcher {
  const watched = (origin: string | URL, options: Client.Options, watch: Watch): Client => {
    const { connect } = options;
    const reading = typeof connect === "function" ? { connect: rewritingAnswers(connect) } : {};
    const client = new Client(origin, { ...options, ...reading, pipelining });
    watch(client);
    return client;
  };
  const options = { timeout: route.connectMs, allowH2: false };
  const { proxy } = route;
  if (proxy === undefined) {
    // Shared, since it keeps the TLS sessions.
    const connect = buildConnector({ ...options, ...tls.toUpstream, ...readingIntoOneBuffer });
    return (watch) => watched(route.origin, { connect, allowH2: false }, watch);
  }
  return (watch) =>
    new ProxyAgent({
      uri: proxy.origin,
      connectTimeout: route.connectMs,
      allowH2: false,
      ...(proxy.authorization === undefined ? {} : { token: proxy.authorization }),
      // Otherwise http:// would use CONNECT, which most proxies allow to port 443 only.
      proxyTunnel: false,
      // Otherwise a proxy that does not answer CONNECT would get ten times the timeout of an upstream.
      clientFactory: (origin, given) =>
        new ProxyClient(origin, { ...withoutAddressAsName(given), headersTimeout: route.connectMs }),
      factory: (origin, given) => watched(origin, withoutAddressAsName(given), watch),
      ...(tls.toUpstream === undefined ? {} : { requestTls: { ...tls.toUpstream } }),
      ...(tls.toProxy === undefined ? {} : { proxyTls: { ...tls.toProxy } }),
    });
}

function rewritingAnswers(connect: buildConnector.connector): buildConnector.connector {
  return (options, callback) =>
    connect(options, (...made) => {
      const [error, socket] = made;
      if (error === null) rewriteAnswers(socket);
      callback(...made);
    });
}

function remembered<Value>(values: Map<string, Value>, key: string, create: () => Value): Value {
  const known = values.get(key);
  if (known !== undefined) return known;
  const created = create();
  values.set(key, created);
  return created;
}
