import { isAbout } from "../../news/index.ts";
import { failureWithin } from "./deliver.ts";
import type { NotifyPorts, Watchdog } from "./ports.ts";

type HeartbeatPorts = Pick<NotifyPorts, "emit"> & {
  readonly watchdogs: readonly Watchdog[];
  /** A UUID. */
  readonly run: string;
};

/** The pings of one run. */
export interface Heartbeats {
  /** Sends the end to each check: the status of the mirrors that it watches, and the end of the log. */
  end(statusOf: (mirrors: readonly string[]) => number, log: string): Promise<void>;
}

/**
 * Tells the checks that a sync of these mirrors has begun; the sync does not wait for that. A ping that cannot be sent is a
 * warning and not kept: the check raises the alarm by itself.
 */
export function beginHeartbeats(mirrors: readonly string[], ports: HeartbeatPorts): Heartbeats {
  const { watchdogs, run, emit } = ports;
  // Pings also tell that a run was interrupted, so its signal does not end them.
  const never = new AbortController().signal;
  const ping = async (watchdog: Watchdog, title: string, send: Parameters<typeof failureWithin>[2]) => {
    const failure = await failureWithin(watchdog.limitMs, never, send);
    if (failure === undefined) return;
    emit({ type: "notification-unsent", to: watchdog.name, title, reason: failure.reason, others: 0 });
  };
  const watching = watchdogs.flatMap((watchdog) => {
    const watched = mirrors.filter((mirror) => isAbout(watchdog.mirrors, mirror));
    if (watched.length === 0) return [];
    const started = ping(watchdog, "start", async (signal) => (await watchdog.open()).start(run, signal));
    return [{ watchdog, watched, started }];
  });
  return {
    async end(statusOf, log) {
      await Promise.all(
        watching.map(async ({ watchdog, watched, started }) => {
          await started;
          await ping(watchdog, "end", async (signal) =>
            (await watchdog.open()).end(run, statusOf(watched), log, signal),
          );
        }),
      );
    },
  };
}
