import type { MachineEntry } from "./credentials/auth-conf.ts";
import type { PipeliningEvent } from "./pipelining/index.ts";

export interface UpstreamSettings {
  /** Asked in this order; each ends in "/" and may hold `user:password@`. */
  readonly baseUrls: readonly string[];
  /** Connections open to one origin at a time. */
  readonly maxConns: number;
  readonly tls: TlsMaterial;
  readonly proxy: ProxySettings;
  /** Of auth.conf, in their order; what a URL itself holds wins. */
  readonly authEntries: readonly MachineEntry[];
  readonly userAgent: string;
  readonly retry: RetryPolicy;
  readonly timeouts: Timeouts;
  /** Called before each pause, and when the next base URL takes over. */
  readonly onRetry: (event: RetryEvent) => void;
  /** Called when the connections to an origin start or stop to send requests ahead of answers. */
  readonly onPipelining: (event: PipeliningEvent & { readonly origin: string }) => void;
}

export type TlsVersion = "TLSv1.2" | "TLSv1.3";

/** The [tls] table, with the contents of the files it names. */
export interface TlsMaterial {
  readonly minVersion?: TlsVersion | undefined;
  readonly maxVersion?: TlsVersion | undefined;
  readonly insecureSkipVerify?: boolean | undefined;
  /** PEM; takes the place of the system's certificates. */
  readonly ca?: string | undefined;
  /** PEM; shown only to the hosts of the base URLs. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** IANA names; unset: Node's choice. */
  readonly ciphers?: readonly string[] | undefined;
  /** SNI and the name that the certificate must bear, for the hosts of the base URLs. */
  readonly serverName?: string | undefined;
}

/** The values of the environment variables of these names. */
export interface ProxySettings {
  readonly httpProxy?: string | undefined;
  readonly httpsProxy?: string | undefined;
  /** The variable that `httpsProxy` is from, for messages; unset: https_proxy. */
  readonly httpsVariable?: string | undefined;
  readonly noProxy?: string | undefined;
}

export interface Timeouts {
  readonly connectMs: number;
  /** Without a byte, before or within the body. */
  readonly idleMs: number;
  /** A body slower than this, averaged over one window, has stalled. */
  readonly minimumRate: { readonly bytesPerSecond: number; readonly windowMs: number };
}

/** How often, and after what wait, a failed request is repeated. */
export interface Backoff {
  /** The first request included. */
  readonly attemptsMax: number;
  /** The wait doubles from here ... */
  readonly firstWaitMs: number;
  /** ... up to here. */
  readonly waitMaxMs: number;
  /** The most that a Retry-After is honoured. */
  readonly retryAfterMaxMs: number;
  /** At least 0 and below 1: spreads the waits of many clients. */
  jitter(): number;
}

export interface RetryPolicy extends Backoff {
  now(): Date;
  /** Rejects with `signal.reason` when aborted. */
  pause(waitMs: number, signal: AbortSignal): Promise<void>;
}

export interface RetryEvent {
  /** Without credentials. */
  readonly url: string;
  /** The attempt that failed, from 1. */
  readonly attempt: number;
  readonly waitMs: number;
  /** One sentence that names the URL. */
  readonly reason: string;
  /** The base URL that is asked instead, at once. */
  readonly next?: string;
}

export const defaultTimeouts: Timeouts = {
  connectMs: 30_000,
  idleMs: 60_000,
  minimumRate: { bytesPerSecond: 1_000, windowMs: 60_000 },
};

export const defaultBackoff: Backoff = {
  attemptsMax: 5,
  firstWaitMs: 1_000,
  waitMaxMs: 30_000,
  retryAfterMaxMs: 120_000,
  jitter: () => Math.random(),
};
