import type { Socket } from "node:net";
import type { UpstreamError } from "../errors.ts";
import type { Proxy } from "../proxies/proxy.ts";
import { ConnectRefused } from "../proxies/proxy-client.ts";
import { networkError } from "../requests/network-errors.ts";
import type { UpstreamSettings } from "../settings.ts";
import { dial, type Target } from "./dial.ts";

/** One base URL, as all attempts to connect to it see it. */
export interface Attempts {
  readonly url: URL;
  readonly target: Target;
  readonly proxy: Proxy | undefined;
  readonly settings: UpstreamSettings;
  readonly signal: AbortSignal;
}

interface Attempted<Value> {
  readonly value?: Value;
  readonly cause?: Error;
  /** What `cause` means to a sync. */
  readonly error?: UpstreamError;
}

/** Opens a connection, uses it, and closes it. Throws if the caller aborts. */
export async function attempt<Value>(
  { url, target, proxy, settings, signal }: Attempts,
  use: (socket: Socket, limited: AbortSignal) => Value | Promise<Value>,
): Promise<Attempted<Value>> {
  const timeout = AbortSignal.timeout(settings.timeouts.connectMs);
  const limited = AbortSignal.any([signal, timeout]);
  let socket: Socket | undefined;
  try {
    socket = await dial(target, proxy, settings, limited);
    return { value: await use(socket, limited) };
  } catch (error) {
    signal.throwIfAborted();
    const cause = timeout.aborted ? failure("no answer in time", "ETIMEDOUT") : error;
    if (!isNetworkFailure(cause)) throw error;
    return { cause, error: networkError(cause, url, "no-answer", proxy) };
  } finally {
    socket?.destroy();
  }
}

export const failure = (message: string, code: string): Error => Object.assign(new Error(message), { code });

/** Errors of Node and OpenSSL have a code. */
const isNetworkFailure = (error: unknown): error is Error =>
  error instanceof ConnectRefused || (error instanceof Error && "code" in error);
