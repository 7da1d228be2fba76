import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { connect, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from "node:tls";
import { tlsOptions } from "../connections/tls.ts";
import { proxyCredentialsFor } from "../credentials/credentials.ts";
import type { Proxy } from "../proxies/proxy.ts";
import { ConnectRefused } from "../proxies/proxy-client.ts";
import type { UpstreamSettings } from "../settings.ts";

/** A host without brackets, and a port. */
export interface Target {
  readonly host: string;
  readonly port: number;
}

/** Opens a connection to the target, through the proxy if there is one. */
export async function dial(
  target: Target,
  proxy: Proxy | undefined,
  settings: UpstreamSettings,
  signal: AbortSignal,
): Promise<Socket> {
  if (proxy !== undefined) return tunnel(target, proxy, settings, signal);
  const socket = connect(target);
  await happens(socket, "connect", signal);
  return socket;
}

async function tunnel(
  { host, port }: Target,
  proxy: Proxy,
  settings: UpstreamSettings,
  signal: AbortSignal,
): Promise<Socket> {
  const { url } = proxy;
  const path = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  const authorization = proxyCredentialsFor(url, settings.authEntries);
  const headers = { host: path, ...(authorization && { "proxy-authorization": authorization }) };
  const place = {
    host: bare(url.hostname),
    port: url.port,
    method: "CONNECT",
    path,
    headers,
    signal,
    agent: false,
  };
  // What is configured for the upstream is not sent to a proxy.
  const proxyTls = { ...settings.tls, cert: undefined, key: undefined, serverName: undefined };
  const request =
    url.protocol === "https:" ? httpsRequest({ ...place, ...tlsOptions(proxyTls) }) : httpRequest(place);
  request.end();
  const [answer, socket] = (await once(request, "connect")) as [{ readonly statusCode: number }, Socket];
  if (answer.statusCode === 200) return socket;
  socket.on("error", () => undefined).destroy();
  throw new ConnectRefused(answer.statusCode, path);
}

/** Makes a TLS connection of an open one. Rejects with the error of Node or OpenSSL. */
export async function handshake(
  socket: Socket,
  options: ConnectionOptions,
  signal: AbortSignal,
): Promise<TLSSocket> {
  const secure = connectTls({ ...options, socket });
  await happens(secure, "secureConnect", signal);
  return secure;
}

/** Waits for an event of a socket. The socket is destroyed if something else comes first. */
export async function happens(socket: Socket, event: string, signal: AbortSignal): Promise<void> {
  socket.on("error", () => undefined); // one that comes after the event that was waited for
  try {
    await once(socket, event, { signal });
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

export const bare = (hostname: string): string => hostname.replace(/^\[|\]$/g, "");
