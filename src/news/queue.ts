import type { Message } from "./message.ts";

/** A message that has not been sent. */
export interface Delivery {
  /** The name of the recipient. */
  readonly to: string;
  readonly message: Message;
  /** Not before this time: the recipient asked for patience, or another run is sending it. ISO 8601. */
  readonly notBefore?: string | undefined;
}

const dayMs = 86_400_000;

/** A message about last week says nothing new. */
const ageMaxMs = 7 * dayMs;
/** For each recipient: one that is down for long must not push out what waits for another. */
const waitingMax = 200;

/** A run that sends a message and is killed leaves it to the next one after this time. */
const claimMs = 10 * 60_000;

/** Returns the waiting deliveries that are still worth sending, and how many were dropped. */
export function keepWorthwhile(
  queue: readonly Delivery[],
  recipients: readonly string[],
  now: Date,
): { readonly kept: readonly Delivery[]; readonly dropped: number } {
  const oldest = now.getTime() - ageMaxMs;
  const fresh = queue.filter(
    ({ to, message }) => recipients.includes(to) && Date.parse(message.at) >= oldest,
  );
  const newest = new Set(
    [...Map.groupBy(fresh, ({ to }) => to).values()].flatMap((own) => own.slice(-waitingMax)),
  );
  const kept = fresh.filter((delivery) => newest.has(delivery));
  return { kept, dropped: queue.length - kept.length };
}

/** Returns the deliveries that are due, and the queue in which no other run takes them. */
export function claimDue(
  queue: readonly Delivery[],
  now: Date,
): { readonly due: readonly Delivery[]; readonly queue: readonly Delivery[] } {
  const isDue = ({ notBefore }: Delivery): boolean => {
    const leftMs = notBefore === undefined ? 0 : Date.parse(notBefore) - now.getTime();
    return leftMs <= 0 || leftMs > dayMs; // no wait is longer: the clock was set back
  };
  const notBefore = new Date(now.getTime() + claimMs).toISOString();
  return {
    due: queue.filter(isDue),
    queue: queue.map((delivery) => (isDue(delivery) ? { ...delivery, notBefore } : delivery)),
  };
}

/** The result of a claimed delivery. */
export interface Attempt {
  readonly delivery: Delivery;
  /** Undefined if it was sent. */
  readonly failure:
    | {
        readonly reason: string;
        readonly retryAfterMs: number | undefined;
        /** The recipient works, and does not take this message. */
        readonly isRefusal?: boolean;
      }
    | undefined;
}

/** Returns the queue without what was sent. The rest may be tried again by the next run. */
export function settle(
  queue: readonly Delivery[],
  attempts: readonly Attempt[],
  now: Date,
): readonly Delivery[] {
  const byKey = new Map(attempts.map((attempt) => [keyOf(attempt.delivery), attempt]));
  return queue.flatMap((delivery) => {
    const attempt = byKey.get(keyOf(delivery));
    if (attempt === undefined) return [delivery];
    if (attempt.failure === undefined) return [];
    const { retryAfterMs } = attempt.failure;
    return [{ ...delivery, notBefore: retryAfterMs === undefined ? undefined : laterBy(retryAfterMs, now) }];
  });
}

const keyOf = ({ to, message }: Delivery): string => `${to} ${message.id}`;

const laterBy = (waitMs: number, now: Date): string =>
  new Date(now.getTime() + Math.min(waitMs, dayMs)).toISOString();
