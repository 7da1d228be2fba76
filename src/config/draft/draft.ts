import type { mirrorTable } from "../options/mirror-options.ts";
import type { DraftValue } from "./format-table.ts";

/** A configuration that is about to be written. */
export interface ConfigDraft {
  readonly dir: string;
  readonly baseUrl: string | undefined;
  readonly mirrors: readonly MirrorDraft[];
}

export type MirrorKey = keyof (typeof mirrorTable)["entries"];

export interface MirrorDraft {
  readonly id: string;
  /** What the mirror is of, above its table. */
  readonly about: readonly string[];
  /** In the order in which they are written. */
  readonly values: Readonly<Partial<Record<MirrorKey, DraftValue>>>;
  /** What to know about a value, above its line. */
  readonly notes?: Readonly<Partial<Record<MirrorKey, string>>>;
}
