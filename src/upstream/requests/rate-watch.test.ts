import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { watchRate } from "./rate-watch.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const minimum = { bytesPerSecond: 100, windowMs: 2_000 };

test("a fast body that becomes slow has stalled", () => {
  const stalls: number[] = [];
  const watch = watchRate(minimum, (bytesPerSecond) => stalls.push(bytesPerSecond));
  watch.add(1_000_000);
  vi.advanceTimersByTime(2_000);
  watch.add(200);
  vi.advanceTimersByTime(2_000);
  expect(stalls).toEqual([]);
  watch.add(199);
  vi.advanceTimersByTime(2_000);
  expect(stalls).toEqual([99.5]);
});

test("a stopped watch reports nothing", () => {
  const watch = watchRate(minimum, () => expect.unreachable());
  watch.stop();
  vi.advanceTimersByTime(10_000);
  expect(vi.getTimerCount()).toBe(0);
});
