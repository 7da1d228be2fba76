import { setImmediate, setTimeout } from "node:timers/promises";

/** Gives timers, signals and other runs a turn of the event loop. */
export const pauseNow = (): Promise<void> => setImmediate();

/** Waits. Rejects with the signal's own reason once it is aborted; Node's timer would wrap it in another error. */
export async function pauseFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await setTimeout(milliseconds, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
