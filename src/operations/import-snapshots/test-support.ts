/** A mirror, and trees of its upstream's past on this disk. Only tests import this. */
import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { createTestbed, type MirrorSettings } from "../../../test/support/index.ts";
import { openApp } from "../../../test/support/open-app.ts";
import type { SuiteOptions } from "../../../test/support/suite-options.ts";
import type { MirrorEvent } from "../../report/events.ts";
import type { ImportedTree, ImportSnapshotsOptions } from "./index.ts";

/** The package of the upstream. */
export const deb = (version: string): string => `pool/main/h/hello/hello_${version}_amd64.deb`;

export interface PastSettings {
  readonly mirror?: MirrorSettings;
  readonly global?: object;
  /** Default: stable. */
  readonly suite?: string;
  /** Options of that suite. */
  readonly options?: SuiteOptions;
}

/** Opens an upstream that publishes a newer hello each time, and a mirror of it that has synced nothing. */
export async function openPast({
  mirror = {},
  global = {},
  suite: suiteName = "stable",
  options = {},
}: PastSettings = {}) {
  const bed = await createTestbed({ ...global, mirrors: { debian: { suites: [suiteName], ...mirror } } });
  onTestFinished(() => bed[Symbol.asyncDispose]());
  const events: MirrorEvent[] = [];
  const opened = await openApp({ path: bed.configFile });
  onTestFinished(() => opened[Symbol.asyncDispose]());
  const { signal } = new AbortController();
  const run = opened.app.run({ who: "ada", signal, emit: (event) => void events.push(event) });
  const past = bed.join("past");
  mkdirSync(past);
  const suite = bed.upstream.suite(suiteName, { compressions: ["gz"], ...options });
  let version = 0;
  return {
    bed,
    run,
    events,
    past,
    opened,
    /** Publishes the next version of hello, and copies what upstream has then. */
    keep: async (name: string, date?: Date): Promise<string> => {
      version++;
      if (version > 1) suite.removePackage("hello");
      suite.addPackage("hello", `${version}.0`);
      await bed.upstream.publish(date === undefined ? {} : { date });
      const copy = join(past, name);
      cpSync(bed.upstream.dir, copy, { recursive: true, preserveTimestamps: true });
      return copy;
    },
    import: (
      directories: readonly string[],
      more: Partial<ImportSnapshotsOptions> = {},
    ): Promise<readonly ImportedTree[]> =>
      run.snapshots.import("debian", { directories, link: false, dryRun: false, ...more }),
    snapshots: join(bed.dir, ".snapshots/debian"),
  };
}

export const october = new Date("2025-10-01T08:00:00Z");
export const november = new Date("2025-11-01T08:00:00Z");
