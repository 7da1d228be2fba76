import { setImmediate, setTimeout } from "node:timers/promises";

/** Lets timers, signals and other mirrors' downloads have their turn in the middle of a long walk. */
export const pauseNow = (): Promise<void> => setImmediate();

/** Rejects with the signal's own reason once it is aborted: Node's timer would wrap it in an error of its own. */
export async function pauseFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await setTimeout(milliseconds, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
