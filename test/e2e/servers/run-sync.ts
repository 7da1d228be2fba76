import { createApp } from "../../../src/app.ts";
import { parseConfig } from "../../../src/config/index.ts";
import { syncMirrors } from "../../../src/operations/sync/index.ts";
import { statusOfFailures } from "../../../src/report/errors.ts";
import { createLog } from "../../../src/report/log.ts";
import type { Timeouts } from "../../../src/upstream/index.ts";
import { createHost } from "../../support/host.ts";

export interface SyncRun {
  /** As the shell would see it. */
  readonly exitCode: number;
  /** The log. */
  readonly said: string;
  /** How long it would have paused, each time that it did. */
  readonly waitsMs: readonly number[];
}

interface SyncSurroundings {
  /** The configuration, and where it stands. */
  readonly text: string;
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
  readonly impatient: boolean;
}

/** Longer than a machine that has much else to do needs for an answer that comes at once. */
const impatience: Timeouts = {
  connectMs: 400,
  idleMs: 400,
  minimumRate: { bytesPerSecond: 1_000, windowMs: 400 },
};

/** `mirrorctl sync` in this process, with the real parts throughout: what it would wait for passes at once. */
export async function runSync({ text, path, env, impatient }: SyncSurroundings): Promise<SyncRun> {
  const config = await parseConfig({ text, path, env, homeDir: "/nonexistent" });
  let said = "";
  const waitsMs: number[] = [];
  const output = { isTerminal: false, columns: 80, write: (words: string) => void (said += words) };
  const host = createHost({
    env,
    pause: (waitMs) => Promise.resolve(void waitsMs.push(waitMs)),
    stdout: output,
    stderr: output,
  });
  const log = createLog({ ...usualLog, now: host.now, write: output.write });
  await using app = createApp(config, host, log.emit, impatient ? impatience : undefined);
  const options = { force: false, noPgpCheck: false };
  const outcomes = await syncMirrors(config.mirrors.map(app.mirror), app.openSyncPorts, options);
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
