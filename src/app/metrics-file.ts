import { messageOf } from "../report/errors.ts";
import { createMirrorContext } from "./mirror-context.ts";
import type { Caller, Shared } from "./shared.ts";
import type { Run } from "./verbs.ts";

/** Makes the verbs that change something write the metrics too, if a file is configured. */
export function withMetricsFile(run: Run, shared: Shared, caller: Caller): Run {
  const { metricsFile } = shared.config;
  if (metricsFile === undefined) return run;
  const after = async <Result>(work: Promise<Result>): Promise<Result> => {
    try {
      return await work;
    } finally {
      await writeMetrics(metricsFile, shared, caller);
    }
  };
  const { snapshots } = run;
  return {
    ...run,
    sync: (...args) => after(run.sync(...args)),
    snapshots: {
      ...snapshots,
      create: (...args) => after(snapshots.create(...args)),
      verify: (...args) => after(snapshots.verify(...args)),
      delete: (...args) => after(snapshots.delete(...args)),
      prune: (...args) => after(snapshots.prune(...args)),
      pin: (...args) => after(snapshots.pin(...args)),
      unpin: (...args) => after(snapshots.unpin(...args)),
    },
    test: (...args) => after(run.test(...args)),
    approve: (...args) => after(run.approve(...args)),
    stage: (...args) => after(run.stage(...args)),
    publish: (...args) => after(run.publish(...args)),
    promote: (...args) => after(run.promote(...args)),
    rollBack: (...args) => after(run.rollBack(...args)),
  };
}

/** A failure is a warning: what the command did is done. An interrupted command writes them too. */
async function writeMetrics(path: string, shared: Shared, caller: Caller): Promise<void> {
  const { signal } = new AbortController();
  try {
    const mirrors = shared.config.mirrors.map((mirror) =>
      createMirrorContext(shared, { ...caller, signal, emit: () => undefined }, mirror),
    );
    const { metricsText } = await import("./metrics.ts");
    const { writeTextfile } = await import("../operations/metrics/index.ts");
    writeTextfile(path, await metricsText(mirrors, signal), shared.machine.pid);
  } catch (error) {
    caller.emitRun?.({ type: "metrics-unwritten", path, reason: messageOf(error) });
  }
}
