/**
 * HTTP to upstreams: downloads one path from the configured base URLs into a sink, with retries, resuming, limits, redirects
 * and credentials. Knows nothing about Release files, digests or trust: the caller says where bytes go and accepts them.
 * `directory/` reads a directory in place of a server.
 */

export { type ConnectionPools, createConnectionPools } from "./connections/connection-pools.ts";
export { type PemKind, pemFault } from "./connections/pem.ts";
export { tlsOptions } from "./connections/tls.ts";
export type { MachineEntry } from "./credentials/auth-conf.ts";
export { type AuthConf, readAuthConf } from "./credentials/auth-files.ts";
export { redactUrl } from "./credentials/redact.ts";
export { createDirectoryUpstream, type MovedDirectories } from "./directory/directory-upstream.ts";
export { type RetryAdvice, type UpstreamCode, UpstreamError } from "./errors.ts";
export { createPost, type Post, type PostAnswer, type PostRequest } from "./requests/post.ts";
export {
  type AbsentFile,
  type BodySink,
  type DownloadRequest,
  type DownloadResult,
  type KnownValidators,
  type ReceivedBody,
  type RefusedBody,
  rangeValidator,
  type Upstream,
  type UpstreamSource,
  type Validators,
} from "./requests/request.ts";
export {
  defaultBackoff,
  defaultTimeouts,
  type ProxySettings,
  type RetryEvent,
  type RetryPolicy,
  type Timeouts,
  type TlsMaterial,
  type TlsVersion,
  type UpstreamSettings,
} from "./settings.ts";
export type { CertificateFacts } from "./tls-check/certificate-chain.ts";
export type { Connection, TlsReport, VersionSupport } from "./tls-check/check-tls.ts";
export { createUpstream } from "./upstream.ts";

/** Loaded on demand: a sync needs none of it. */
export const checkTls: typeof import("./tls-check/check-tls.ts").checkTls = async (...args) =>
  (await import("./tls-check/check-tls.ts")).checkTls(...args);
