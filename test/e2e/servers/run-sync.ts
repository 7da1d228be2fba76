import { syncMirrors } from "../../../src/operations/sync/index.ts";
import { statusOfFailures } from "../../../src/report/errors.ts";
import { createLog } from "../../../src/report/log.ts";
import type { Timeouts } from "../../../src/upstream/index.ts";
import { openApp } from "../../support/open-app.ts";

export interface SyncRun {
  /** The exit status. */
  readonly exitCode: number;
  /** The log. */
  readonly said: string;
  /** The lengths of its pauses, in milliseconds. */
  readonly waitsMs: readonly number[];
}

interface SyncSurroundings {
  readonly configFile: string;
  readonly env: Readonly<Record<string, string>>;
  readonly impatient: boolean;
}

/** Longer than a busy machine needs for an answer that arrives at once. */
const impatience: Timeouts = {
  connectMs: 400,
  idleMs: 400,
  minimumRate: { bytesPerSecond: 1_000, windowMs: 400 },
};

/** Runs `mirrorctl sync` in this process with all real parts, except that pauses end at once. */
export async function runSync({ configFile, env, impatient }: SyncSurroundings): Promise<SyncRun> {
  let said = "";
  const waitsMs: number[] = [];
  const log = createLog({ ...usualLog, now: () => new Date(), write: (words) => void (said += words) });
  const source = { path: configFile, emit: log.emit, timeouts: impatient ? impatience : undefined };
  const pause = (waitMs: number): Promise<void> => Promise.resolve(void waitsMs.push(waitMs));
  await using opened = await openApp(source, { env, pause });
  const options = { force: false, noPgpCheck: false };
  const outcomes = await syncMirrors(opened.mirrors, opened.app.openSyncPorts, options);
  const failures = outcomes.flatMap((outcome) => (outcome.kind === "failed" ? [outcome.error] : []));
  return { exitCode: statusOfFailures(failures), said, waitsMs };
}

const usualLog = {
  level: "info",
  format: "plain",
  colour: false,
  verboseErrors: false,
  needsName: () => false,
} as const;
