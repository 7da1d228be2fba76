import type { Criterion } from "../gates/index.ts";
import type { Subscription } from "../news/index.ts";
import type { LogFormat, LogLevel } from "../report/levels.ts";
import type { cipherSuites, tlsVersions } from "./options/tls-options.ts";

export type TlsVersion = (typeof tlsVersions)[keyof typeof tlsVersions];
export type CipherSuite = (typeof cipherSuites)[number];

/** The settings of the administrator: file, environment and defaults. Frozen; all paths are absolute. */
export interface Config {
  /** The configuration file, as it was named. */
  readonly path: string;
  /** Without a slash at its end. */
  readonly dir: string;
  /** Connections to one upstream at a time. */
  readonly maxConns: number;
  readonly log: { readonly level: LogLevel; readonly format: LogFormat };
  /** The file for metrics, if any. */
  readonly metricsFile: string | undefined;
  /** In the order of the file. */
  readonly mirrors: readonly MirrorConfig[];
  /** In the order of the file. */
  readonly notify: readonly NotifyConfig[];
}

/** One mirror, with the global tables already applied. */
export interface MirrorConfig {
  readonly id: string;
  /** At least one; each ends in "/" and may carry credentials. */
  readonly urls: readonly string[];
  /** At least one; one that ends in "/" is flat. */
  readonly suites: readonly string[];
  /** As configured, without duplicates. Empty only if every suite is flat. */
  readonly sections: readonly string[];
  /** As configured, without duplicates and without an implied "all". Empty only if every suite is flat. */
  readonly architectures: readonly string[];
  /** Whether source packages are mirrored. */
  readonly source: boolean;
  readonly pgpCheck: boolean;
  /** Empty: apt's own trusted keys. */
  readonly pgpKeyPaths: readonly string[];
  /** 40 or 64 upper-case hexadecimal digits, with an optional "!". Empty: any key. */
  readonly signedBy: readonly string[];
  readonly publishToStaging: boolean;
  readonly filters: FilterConfig;
  /** Set even if no table mentions snapshots, because `snapshot create` always works. */
  readonly snapshot: SnapshotConfig;
  readonly snapshotEachSync: boolean;
  readonly publish: PublishConfig;
  /** What a snapshot must meet before it is promoted, in the order in which it is tested. */
  readonly criteria: readonly Criterion[];
  readonly tls: TlsConfig;
  /** Exceptions: accepted if true, otherwise refused. */
  readonly allow: {
    readonly missing: boolean;
    readonly expired: boolean;
    readonly expiredKeys: boolean;
    readonly older: boolean;
    readonly future: boolean;
    readonly renamed: boolean;
    readonly weak: boolean;
  };
  /** The optional kinds of indices. */
  readonly kinds: {
    readonly contents: boolean;
    readonly translations: boolean;
    readonly dep11: boolean;
    readonly cnf: boolean;
    /** Packages and images of debian-installer. */
    readonly installer: boolean;
  };
}

export interface FilterConfig {
  /** 0: all. */
  readonly keepVersions: number;
  /** Unset: all. */
  readonly keepSourceVersions?: number;
  readonly excludePatterns: readonly RegExp[];
}

export interface SnapshotConfig {
  /** A sync with nothing new makes no snapshot if there is one of the same tree. */
  readonly skipUnchanged: boolean;
  /** The parent directory of `<id>/<name>`. */
  readonly path: string;
  /** A layout of Go's time package that makes a legal name at every time. */
  readonly nameFormat: string;
  readonly prune: {
    readonly keepLast: number;
    readonly keepWithinMs: number | undefined;
    /** The number of former production snapshots to keep, at any age. */
    readonly keepRollbacks: number;
  };
}

export interface PublishConfig {
  /** Names of links, one path segment each. */
  readonly staging: string;
  readonly production: string;
  /** Whether the working mirror has public names too. */
  readonly working: boolean;
  readonly graceMs: number;
  /** The URL of `dir`; ends in "/". */
  readonly baseUrl: string | undefined;
}

export interface TlsConfig {
  readonly minVersion: TlsVersion;
  readonly maxVersion?: TlsVersion | undefined;
  readonly insecureSkipVerify: boolean;
  readonly caCertFile?: string | undefined;
  /** Set if and only if clientKeyFile is. */
  readonly clientCertFile?: string | undefined;
  readonly clientKeyFile?: string | undefined;
  /** IANA names, as configured; empty: those of Node. */
  readonly cipherSuites: readonly CipherSuite[];
  readonly serverName?: string | undefined;
}

/** A secret, or the absolute path of the file that has it. */
export type Secret = { readonly text: string } | { readonly file: string };

export interface NotifyConfig extends Subscription {
  /** For messages and for what waits to be sent: the type, and its number among the tables. */
  readonly name: string;
  readonly channel: ChannelConfig;
  /** For one message. */
  readonly limitMs: number;
}

interface WebConfig {
  readonly url: Secret;
  readonly caCertFile: string | undefined;
}

type Argv = readonly [string, ...string[]];

export type ChannelConfig =
  | (WebConfig & { readonly type: "webhook"; readonly secret: Secret })
  | (WebConfig & { readonly type: "slack" })
  | (WebConfig & { readonly type: "healthchecks" })
  | (WebConfig & { readonly type: "ntfy"; readonly token: Secret | undefined })
  | {
      readonly type: "email";
      readonly to: readonly string[];
      /** Undefined: mirrorctl on this host. */
      readonly from: string | undefined;
      readonly command: Argv;
    }
  | { readonly type: "command"; readonly command: Argv };
