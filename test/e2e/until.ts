import { setTimeout as pause } from "node:timers/promises";

/** Waits for a condition without an event: the clock, or the progress of another process on disk. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!(await holds())) {
    if (performance.now() > deadline)
      throw new Error(`still not so after ${limitMs} ms: ${holds.toString()}`);
    await pause(10);
  }
}

const limitMs = 90_000;
