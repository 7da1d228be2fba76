import { isIP } from "node:net";
import type { ConnectionOptions, SecureVersion, TLSSocket } from "node:tls";
import { tlsOptions } from "../connections/tls.ts";
import { redactUrl } from "../credentials/redact.ts";
import type { UpstreamError } from "../errors.ts";
import { proxyFor } from "../proxies/proxy.ts";
import type { UpstreamSettings } from "../settings.ts";
import { type Attempts, attempt, failure } from "./attempt.ts";
import { type CertificateFacts, chainOf } from "./certificate-chain.ts";
import { bare, handshake, happens } from "./dial.ts";

/** What a server speaks, and whether the settings of a mirror can talk to it. */
export type TlsReport = { /** Without credentials. */ readonly url: string } & (
  | { readonly kind: "plain" }
  | {
      readonly kind: "tls";
      readonly host: string;
      readonly port: number;
      /** Without credentials. */
      readonly proxy: string | undefined;
      /** Empty if the server cannot be reached, or does not answer. */
      readonly versions: readonly VersionSupport[];
      readonly connection: Connection | undefined;
      /** As the server sent it, trusted or not. */
      readonly chain: readonly CertificateFacts[];
      /** Why a sync could not connect; undefined if it could. */
      readonly error: UpstreamError | undefined;
    }
);

export interface VersionSupport {
  readonly version: string;
  readonly supported: boolean;
  /** The reason of OpenSSL, if it is not. */
  readonly reason: string | undefined;
}

export interface Connection {
  readonly version: string;
  /** IANA's name. */
  readonly cipher: string;
  /** False: nobody checks its certificate, because of insecure_skip_verify. */
  readonly verified: boolean;
}

const versionNames = {
  TLSv1: "TLS 1.0",
  "TLSv1.1": "TLS 1.1",
  "TLSv1.2": "TLS 1.2",
  "TLSv1.3": "TLS 1.3",
} as const;

/**
 * Connects to a base URL with each version of TLS, and then as a sync would. Sends no path, no user and no password; the client
 * certificate goes to this host, as in a sync. Rejects with UpstreamError TLS_UNUSABLE or PROXY_FAILED if the settings cannot
 * be used at all.
 */
export async function checkTls(
  baseUrl: string,
  settings: UpstreamSettings,
  signal: AbortSignal,
): Promise<TlsReport> {
  const url = new URL(baseUrl);
  const shown = redactUrl(baseUrl);
  if (url.protocol !== "https:") return { kind: "plain", url: shown };
  const target = { host: bare(url.hostname), port: Number(url.port || 443) };
  const proxy = proxyFor(url, settings.proxy);
  const own = ownOptions(target.host, settings);
  const attempts = { url, target, proxy, settings, signal };
  const report = { kind: "tls", url: shown, ...target, proxy: proxy?.url.origin } as const;
  const seen = await attempt(attempts, async (socket, limited) => {
    const secure = await handshake(socket, { ...own, rejectUnauthorized: false }, limited);
    return { connection: connectionOf(secure, settings), chain: chainOf(secure) };
  });
  const found = { ...report, connection: seen.value?.connection, chain: seen.value?.chain ?? [] };
  // A server that does not answer would keep each of the following attempts waiting.
  if (seen.error !== undefined && seen.error.code !== "TLS_FAILED" && seen.error.code !== "CONNECTION_LOST")
    return { ...found, versions: [], error: seen.error };
  const versions: VersionSupport[] = [];
  for (const version of ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"] as const)
    versions.push(await supportOf(version, own, attempts));
  const { error } = await attempt(attempts, async (socket, limited) =>
    awaitObjection(await handshake(socket, own, limited), url, settings, limited),
  );
  return { ...found, versions, error };
}

/** As the connections of a sync are made. */
function ownOptions(host: string, { tls }: UpstreamSettings): ConnectionOptions {
  const options = tlsOptions(tls);
  const servername = options.servername ?? (isIP(host) === 0 ? host : "");
  return { ...options, servername, host, ALPNProtocols: ["http/1.1"] };
}

async function supportOf(
  version: SecureVersion & keyof typeof versionNames,
  own: ConnectionOptions,
  attempts: Attempts,
): Promise<VersionSupport> {
  const { cert, key } = attempts.settings.tls;
  const options: ConnectionOptions = {
    servername: own.servername,
    host: own.host,
    minVersion: version,
    maxVersion: version,
    ciphers: "DEFAULT:@SECLEVEL=0", // at higher levels, OpenSSL itself refuses the old versions
    rejectUnauthorized: false,
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
  const { cause } = await attempt(attempts, (socket, limited) => handshake(socket, options, limited));
  const supported = cause === undefined;
  return { version: versionNames[version], supported, reason: supported ? undefined : reasonOf(cause) };
}

const reasonOf = (error: Error): string =>
  "reason" in error && typeof error.reason === "string" ? error.reason : error.message;

const connectionOf = (socket: TLSSocket, { tls }: UpstreamSettings): Connection => ({
  version: (socket.getProtocol() ?? "unknown").replace("TLSv", "TLS "),
  cipher: socket.getCipher().standardName,
  verified: tls.insecureSkipVerify !== true,
});

/** Time for an objection: a server that says nothing has none. */
const objectionMs = 5_000;

/** Waits for the first bytes. In TLS 1.3, a server refuses the client's certificate only after the handshake. */
async function awaitObjection(
  socket: TLSSocket,
  { host }: URL,
  { userAgent, timeouts }: UpstreamSettings,
  signal: AbortSignal,
): Promise<void> {
  const silence = AbortSignal.timeout(Math.min(objectionMs, timeouts.idleMs));
  socket.write(`GET / HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: ${userAgent}\r\nConnection: close\r\n\r\n`);
  socket.once("end", () => socket.destroy(failure("the server closed the connection", "ECONNRESET")));
  try {
    await happens(socket, "data", AbortSignal.any([signal, silence]));
  } catch (error) {
    if (!silence.aborted || signal.aborted) throw error;
  }
}
