import { type Post, postMessage } from "./web.ts";

/** A check of Healthchecks, https://healthchecks.io/docs/http_api/: it raises the alarm if no run reports in time. */
export interface Heartbeat {
  /** `run` tells the runs of one check apart, if they overlap: a UUID. */
  start(run: string, signal: AbortSignal): Promise<void>;
  /** `log` is the end of the log of the run. */
  end(run: string, status: number, log: string, signal: AbortSignal): Promise<void>;
  /** Leaves the state of the check as it is. */
  note(text: string, signal: AbortSignal): Promise<void>;
}

/** Servers of one's own keep 10 kB unless told otherwise. */
const logBytesMax = 10_000;

export function healthchecks(url: URL, post: Post): Heartbeat {
  const send = (below: string, run: string | undefined, body: string, signal: AbortSignal): Promise<void> => {
    const ping = new URL(url);
    ping.pathname = `${url.pathname.replace(/\/$/, "")}${below}`;
    if (run !== undefined) ping.searchParams.set("rid", run);
    return postMessage(post, { url: ping, body }, signal);
  };
  return {
    start: (run, signal) => send("/start", run, "", signal),
    end: (run, status, log, signal) => send(status === 0 ? "" : `/${status}`, run, endOf(log), signal),
    note: (text, signal) => send("/log", undefined, text, signal),
  };
}

/** The last lines that fit. */
function endOf(log: string): string {
  const bytes = Buffer.from(log, "utf8");
  if (bytes.length <= logBytesMax) return log;
  const end = bytes.subarray(-logBytesMax);
  return end.subarray(end.indexOf(0x0a) + 1).toString("utf8");
}
