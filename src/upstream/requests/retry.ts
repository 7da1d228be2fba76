import { redactUrl } from "../credentials/redact.ts";
import { finalError, UpstreamError } from "../errors.ts";
import type { Backoff, UpstreamSettings } from "../settings.ts";

/** Runs `once` until it succeeds, fails for good, or has no attempts left. */
export async function withRetries<Result>(
  url: string,
  { retry, onRetry }: Pick<UpstreamSettings, "retry" | "onRetry">,
  signal: AbortSignal,
  once: () => Promise<Result>,
): Promise<Result> {
  let mayRestart = true;
  for (let attempt = 1; ; ) {
    try {
      return await once();
    } catch (error) {
      if (!(error instanceof UpstreamError) || error.retry === "never") throw error;
      if (error.retry === "at-once" && mayRestart) {
        mayRestart = false; // once for each attempt, or a server that always hangs up would be asked for ever
        continue;
      }
      if (attempt >= retry.attemptsMax)
        throw finalError(error, ` (${attempt} attempts)`, { attempts: attempt });
      const waitMs = waitBeforeRetry(attempt, error.retryAfterMs, retry);
      onRetry({ url: redactUrl(url), attempt, waitMs, reason: error.message });
      await retry.pause(waitMs, signal);
      mayRestart = true;
      attempt += 1;
    }
  }
}

/** Returns an exponential wait with jitter, not shorter than the Retry-After of the upstream, within its limit. */
export function waitBeforeRetry(attempt: number, retryAfterMs: number | undefined, policy: Backoff): number {
  const backoffMs = Math.min(policy.firstWaitMs * 2 ** (attempt - 1), policy.waitMaxMs);
  const spreadMs = Math.round(backoffMs * (0.5 + policy.jitter() / 2));
  return Math.max(spreadMs, Math.min(retryAfterMs ?? 0, policy.retryAfterMaxMs));
}
