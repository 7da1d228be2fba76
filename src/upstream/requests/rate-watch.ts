import type { Timeouts } from "../settings.ts";

export interface RateWatch {
  add(bytes: number): void;
  stop(): void;
}

/** Calls `onStall` at the end of the first window that has fewer bytes than the minimum rate. */
export function watchRate(
  minimum: Timeouts["minimumRate"],
  onStall: (bytesPerSecond: number) => void,
): RateWatch {
  let windowBytes = 0;
  const timer = setInterval(() => {
    const bytesPerSecond = (windowBytes * 1_000) / minimum.windowMs;
    windowBytes = 0;
    if (bytesPerSecond < minimum.bytesPerSecond) onStall(bytesPerSecond);
  }, minimum.windowMs);
  return {
    add: (bytes) => {
      windowBytes += bytes;
    },
    stop: () => {
      clearInterval(timer);
    },
  };
}
