import type { Place } from "./place.ts";

/** What a configuration of another tool becomes. */
export interface Imported {
  readonly settings: DraftSettings;
  readonly mirrors: readonly DraftMirror[];
  /** They belong into auth.conf, which only its owner can read. */
  readonly credentials: readonly Credential[];
  /** In the order of what was read. */
  readonly remarks: readonly Remark[];
}

/** The value of a key of our configuration. */
export type Value = string | number | boolean | readonly string[];
export type Values = Readonly<Record<string, Value>>;

/** Keys that are for all mirrors. */
export interface DraftSettings {
  readonly values: Values;
  /** By the name of the table, such as "tls". */
  readonly tables: Readonly<Record<string, Values>>;
}

export interface DraftMirror {
  readonly id: string;
  /** Without credentials. The first is the one that the other tool prefers. */
  readonly urls: readonly string[];
  readonly suites: readonly string[];
  readonly sections: readonly string[];
  readonly architectures: readonly string[];
  readonly source: boolean;
  /** All other keys. */
  readonly values: Values;
  /** By the name of the table below the mirror, such as "filters". */
  readonly tables: Readonly<Record<string, Values>>;
  /** Where it comes from. */
  readonly places: readonly Place[];
}

export interface Credential {
  /** Scheme, host and port. */
  readonly origin: string;
  readonly login: string;
  readonly password: string;
}

/**
 * "imported": means the same here. "changed": means something else, or is not needed. "dropped": there is nothing like it, so
 * that a person has to decide.
 */
export interface Remark {
  readonly kind: "imported" | "changed" | "dropped";
  /** Undefined for what is about the configuration as a whole. */
  readonly place: Place | undefined;
  /** What the other tool's configuration says, without passwords. */
  readonly said: string;
  /** What it means here. */
  readonly means: string;
}
