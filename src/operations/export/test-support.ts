/** A mirror that reaches its upstream, one that does not, and a disk that goes from one to the other. Only tests import this. */
import { readFileSync, writeFileSync } from "node:fs";
import { onTestFinished } from "vitest";
import { createTestbed, type MirrorSettings, type Testbed } from "../../../test/support/index.ts";
import { type OpenedApp, openApp } from "../../../test/support/open-app.ts";
import type { MirrorEvent } from "../../report/events.ts";
import type { SyncOutcome } from "../sync/index.ts";
import type { Exported, ExportOptions } from "./index.ts";

export interface Side {
  readonly dir: string;
  readonly app: OpenedApp;
  readonly events: MirrorEvent[];
  sync(from?: string): Promise<SyncOutcome>;
  export(options?: Partial<ExportOptions>): Promise<Exported>;
}

export interface Sides {
  readonly bed: Testbed;
  readonly disk: string;
  readonly outside: Side;
  readonly inside: Side;
}

/** The suite `stable` has the package `hello`. */
export async function openSides(
  settings: object = { snapshot: {} },
  mirror: MirrorSettings = {},
): Promise<Sides> {
  const bed = await createTestbed({ ...settings, mirrors: { debian: mirror } });
  onTestFinished(() => bed[Symbol.asyncDispose]());
  bed.upstream.suite("stable", { compressions: ["gz", "xz"] }).addPackage("hello", "1.0-1");
  await bed.upstream.publish();
  const disk = bed.join("disk");
  const insideFile = bed.join("inside.toml");
  const text = readFileSync(bed.configFile, "utf8");
  writeFileSync(
    insideFile,
    text.replace(bed.dir, bed.join("in")).replace(bed.server.url, "http://127.0.0.1:9"),
  );
  return {
    bed,
    disk,
    outside: await openSide(bed.configFile, bed.dir, disk),
    inside: await openSide(insideFile, bed.join("in"), disk),
  };
}

async function openSide(path: string, dir: string, disk: string): Promise<Side> {
  const events: MirrorEvent[] = [];
  let hours = 0;
  // Each action is an hour later, so that snapshots get names of their own.
  const now = (): Date => new Date(Date.now() + hours * 3_600_000);
  const app = await openApp({ path, emit: (event) => void events.push(event) }, { now });
  onTestFinished(() => app[Symbol.asyncDispose]());
  const { signal } = new AbortController();
  const run = app.app.run({ who: "ada", signal, emit: (event) => void events.push(event) });
  return {
    dir,
    app,
    events,
    async sync(from) {
      hours++;
      const [outcome] = await run.sync(["debian"], { force: false, noPgpCheck: false, from });
      if (outcome === undefined) throw new Error("a sync has an outcome");
      return outcome;
    },
    export: (options = {}) => run.exportTo("debian", { to: disk, dryRun: false, ...options }),
  };
}
