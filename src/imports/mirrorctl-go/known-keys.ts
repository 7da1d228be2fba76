import { resolve } from "node:path";
import type { Remark, Value } from "../drafts/imported.ts";
import { goPattern } from "../names/go-pattern.ts";
import { Untranslatable } from "../names/name-filter.ts";

/** The result for a value: the key here has the same name. */
export interface Taken {
  /** Undefined: nothing is written. */
  readonly value: Value | undefined;
  readonly kind: Remark["kind"];
  readonly means: string;
}

type Take = (value: unknown, folder: string) => Taken;

const same: Take = (value) => {
  const isPlain = typeof value === "string" || typeof value === "boolean" || typeof value === "number";
  if (isPlain) return { value, kind: "imported", means: "the same here" };
  if (Array.isArray(value) && value.every((one) => typeof one === "string"))
    return { value, kind: "imported", means: "the same here" };
  return { value: undefined, kind: "dropped", means: "not a value that this key can have" };
};

const leftOut =
  (means: string): Take =>
  () => ({ value: undefined, kind: "changed", means });

/** Go has other regular expressions than JavaScript. */
const patterns: Take = (value, folder) => {
  const taken = same(value, folder);
  if (typeof taken.value !== "object")
    return { ...taken, value: undefined, kind: "dropped", means: "not a list" };
  try {
    return { ...taken, value: taken.value.map(goPattern) };
  } catch (error) {
    if (!(error instanceof Untranslatable)) throw error;
    return {
      value: undefined,
      kind: "dropped",
      means: `${error.message}: JavaScript reads it otherwise. No package is left out`,
    };
  }
};

/** The configuration is a file of another folder. */
const path: Take = (value, folder) => {
  const whole = (text: string): string => (/^[/~]/.test(text) ? text : resolve(folder, text));
  const taken = same(value, folder);
  if (typeof taken.value === "string") return { ...taken, value: whole(taken.value) };
  return typeof taken.value === "object" ? { ...taken, value: taken.value.map(whole) } : taken;
};

type Keys = Readonly<Record<string, Take>>;

/** Keys by the name of their table; "" is the one that is read. */
export type KnownKeys = Readonly<Record<string, Keys>>;

const tls: Keys = {
  min_version: same,
  max_version: same,
  insecure_skip_verify: same,
  ca_cert_file: path,
  client_cert_file: path,
  client_key_file: path,
  cipher_suites: same,
  server_name: same,
};

const prune: Keys = { keep_last: same, keep_within: same };

const snapshot: Keys = {
  path: leftOut(
    "left out, so that both tools can run: snapshots are in .snapshots below dir unless snapshot.path says otherwise",
  ),
  default_name_format: same,
};

export const globalKeys: KnownKeys = {
  "": {
    dir: leftOut(
      "another directory, so that both tools can run: the trees in it are of another form, and sync --files takes their files",
    ),
    max_conns: same,
  },
  log: { level: same, format: same },
  tls,
  snapshot,
  "snapshot.prune": prune,
};

/** The keys of a mirror, except for what it selects. */
export const mirrorKeys: KnownKeys = {
  "": { pgp_key_path: path, no_pgp_check: same, publish_to_staging: same },
  filters: { keep_versions: same, exclude_patterns: patterns },
  tls,
  snapshot,
  "snapshot.prune": prune,
};
