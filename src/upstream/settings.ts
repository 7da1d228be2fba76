import type { MachineEntry } from "./credentials/auth-conf.ts";
import type { PipeliningEvent } from "./pipelining/index.ts";

export interface UpstreamSettings {
  /** In the order in which they are asked. Each ends in "/" and may contain `user:password@`. */
  readonly baseUrls: readonly string[];
  /** How many connections may be open to one origin at a time. */
  readonly maxConns: number;
  readonly tls: TlsMaterial;
  readonly proxy: ProxySettings;
  /** Of auth.conf, in their order. The user and password in a URL take precedence. */
  readonly authEntries: readonly MachineEntry[];
  readonly userAgent: string;
  readonly retry: RetryPolicy;
  readonly timeouts: Timeouts;
  /** Called before each pause, and when the next base URL is asked instead. */
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
  /** PEM; replaces the system's certificates. */
  readonly ca?: string | undefined;
  /** PEM; sent only to the hosts of the base URLs. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** IANA names; unset: Node's choice. */
  readonly ciphers?: readonly string[] | undefined;
  /** SNI and the name that the certificate must contain, for the hosts of the base URLs. */
  readonly serverName?: string | undefined;
}

/** The values of the environment variables with these names. */
export interface ProxySettings {
  readonly httpProxy?: string | undefined;
  readonly httpsProxy?: string | undefined;
  /** The variable that `httpsProxy` comes from, for messages. Default: https_proxy. */
  readonly httpsVariable?: string | undefined;
  readonly noProxy?: string | undefined;
}

export interface Timeouts {
  readonly connectMs: number;
  /** The longest time without a byte, before or within the body. */
  readonly idleMs: number;
  /** A body that is slower than this, on average over one window, has stalled. */
  readonly minimumRate: { readonly bytesPerSecond: number; readonly windowMs: number };
}

/** How often a failed request is repeated, and after how long. */
export interface Backoff {
  /** Includes the first request. */
  readonly attemptsMax: number;
  /** The wait before the first repetition; it doubles with each. */
  readonly firstWaitMs: number;
  /** The longest wait. */
  readonly waitMaxMs: number;
  /** The longest Retry-After that is respected. */
  readonly retryAfterMaxMs: number;
  /** Returns a number from 0 to below 1, which spreads the waits of many clients. */
  jitter(): number;
}

export interface RetryPolicy extends Backoff {
  now(): Date;
  /** Rejects with `signal.reason` when the signal is aborted. */
  pause(waitMs: number, signal: AbortSignal): Promise<void>;
}

export interface RetryEvent {
  /** Without credentials. */
  readonly url: string;
  /** The attempt that failed, from 1. */
  readonly attempt: number;
  readonly waitMs: number;
  /** A sentence that names the URL. */
  readonly reason: string;
  /** The base URL that is asked instead, without a wait. */
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
