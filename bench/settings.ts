import { statfsSync } from "node:fs";
import { tmpdir } from "node:os";

export interface Settings {
  /** Of the main upstream. Every other upstream keeps its share of this number. */
  readonly packages: number;
  readonly bytes: number;
  /** How often each contestant is measured. */
  readonly runs: number;
  /** Names of groups; empty means all. */
  readonly rows: readonly string[];
  /** Holds the upstreams and the mirrors. */
  readonly parent: string;
  /** Another build of mirrorctl, to be measured beside this one. */
  readonly against: string | undefined;
}

const usualPackages = 20_000;
const usualBytes = 2.4e9;

/** Reads what `make bench` passes on: PACKAGES, BYTES, RUNS, ROWS, BENCH_DIR, AGAINST, QUICK. */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const isQuick = (env["QUICK"] ?? "") !== "";
  const packages = wholeNumber(env, "PACKAGES") ?? (isQuick ? usualPackages / 10 : usualPackages);
  return {
    packages,
    bytes: wholeNumber(env, "BYTES") ?? Math.round((usualBytes / usualPackages) * packages),
    runs: wholeNumber(env, "RUNS") ?? (isQuick ? 2 : 3),
    rows: (env["ROWS"] ?? "").split(",").filter((name) => name !== ""),
    parent: env["BENCH_DIR"] || realTemporaryDirectory(),
    against: env["AGAINST"] || undefined,
  };
}

/** Returns whether figures of this size belong on the page. */
export const isFullSize = ({ packages, bytes, runs }: Settings): boolean =>
  packages === usualPackages && bytes === usualBytes && runs >= 3;

/** Returns `count`, which is meant for the usual number of packages, in proportion to the configured number. */
export const inProportion = (settings: Settings, count: number): number =>
  Math.max(1, Math.round((count * settings.packages) / usualPackages));

function wholeNumber(env: Readonly<Record<string, string | undefined>>, name: string): number | undefined {
  const text = env[name] ?? "";
  if (text === "") return undefined;
  if (!/^[1-9]\d{0,11}$/.test(text)) throw new Error(`${name}=${text}: use a whole number of at least 1`);
  return Number(text);
}

/** The type of tmpfs in statfs(2). Its timings say nothing about disks. */
const tmpfsType = 0x01021994;

const realTemporaryDirectory = (): string =>
  statfsSync(tmpdir()).type === tmpfsType ? "/var/tmp" : tmpdir();
