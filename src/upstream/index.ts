/**
 * HTTP to upstreams: asks one path of the configured base URLs and hands the bytes to a sink, resumed, retried,
 * bounded, redirected and authorized as the web demands. Knows nothing of Release files, digests or trust: it has no opinion of
 * what the bytes mean, and where they go is the sink's business.
 */

export { type ConnectionPools, createConnectionPools } from "./connections/connection-pools.ts";
export { type PemKind, pemFault } from "./connections/pem.ts";
export { tlsOptions } from "./connections/tls.ts";
export type { MachineEntry } from "./credentials/auth-conf.ts";
export { type AuthConf, readAuthConf } from "./credentials/auth-files.ts";
export { redactUrl } from "./credentials/redact.ts";
export { type RetryAdvice, type UpstreamCode, UpstreamError } from "./errors.ts";
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
export { createUpstream } from "./upstream.ts";
