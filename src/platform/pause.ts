import { setImmediate, setTimeout } from "node:timers/promises";

/** Lets timers, signals and other mirrors' downloads have their turn in the middle of a long walk. */
export const pauseNow = (): Promise<void> => setImmediate();

export async function pauseFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  await setTimeout(milliseconds, undefined, { signal });
}
