import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { defaultBackoff, defaultTimeouts } from "./index.ts";
import { waitBeforeRetry } from "./requests/retry.ts";

const page = readFileSync(new URL("../../docs/upstreams.md", import.meta.url), "utf8");

test("docs/upstreams.md states the timeouts of a sync", () => {
  const { connectMs, idleMs, minimumRate } = defaultTimeouts;
  const bytes = minimumRate.bytesPerSecond.toLocaleString("en");
  expect(minimumRate.windowMs).toBe(60_000);
  expect(page).toContain(
    `No connection within ${connectMs / 1000} s, no byte for ${idleMs / 1000} s, less than ${bytes} bytes a second for a minute`,
  );
});

test("docs/upstreams.md states the attempts of a sync and the waits between them", () => {
  const { attemptsMax, retryAfterMaxMs } = defaultBackoff;
  const longest = { ...defaultBackoff, jitter: () => 1 };
  const waits = Array.from({ length: attemptsMax - 1 }, (_, index) =>
    waitBeforeRetry(index + 1, undefined, longest),
  ).map((waitMs) => waitMs / 1000);
  expect([attemptsMax, retryAfterMaxMs]).toEqual([5, 120_000]);
  expect(page).toContain(
    `Five attempts, after ${waits.slice(0, -1).join(", ")} and ${waits.at(-1)} seconds, each shortened by up to half at random; \`Retry-After\` is honoured up to two minutes.`,
  );
});
