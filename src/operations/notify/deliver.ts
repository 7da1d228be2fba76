import type { Attempt, Delivery } from "../../news/index.ts";
import { NotifyError } from "../../notify/index.ts";
import { messageOf } from "../../report/errors.ts";
import type { NotifyPorts, Recipient } from "./ports.ts";

type DeliverPorts = Pick<NotifyPorts, "recipients" | "now" | "signal" | "emit">;

/** One recipient with many messages, and a slow server, must not keep a run for long. */
const patienceMs = 60_000;

/** Sends what is due, to all recipients at a time, and to each in order. One that fails gets no more in this run. */
export async function deliver(due: readonly Delivery[], ports: DeliverPorts): Promise<readonly Attempt[]> {
  const attempts = await Promise.all(
    ports.recipients.map((recipient) =>
      deliverTo(
        recipient,
        due.filter(({ to }) => to === recipient.name),
        ports,
      ),
    ),
  );
  return attempts.flat();
}

async function deliverTo(
  recipient: Recipient,
  due: readonly Delivery[],
  ports: DeliverPorts,
): Promise<readonly Attempt[]> {
  const attempts: Attempt[] = [];
  const startedAt = ports.now().getTime();
  let ended: Attempt["failure"];
  for (const delivery of due) {
    if (ports.now().getTime() - startedAt > patienceMs)
      ended ??= { reason: tooSlow, retryAfterMs: undefined };
    const failure = ended ?? (await failureOf(recipient, delivery, ports));
    if (failure === undefined) ports.emit({ type: "notification-sent", ...eventOf(delivery) });
    else if (failure.isRefusal !== true) ended = failure;
    attempts.push({ delivery, failure });
  }
  const [first, ...others] = attempts.filter((attempt) => attempt.failure !== undefined);
  if (first?.failure !== undefined) {
    const { reason } = first.failure;
    ports.emit({ type: "notification-unsent", ...eventOf(first.delivery), reason, others: others.length });
  }
  return attempts;
}

const tooSlow = "the recipient is too slow for everything that waits";

const eventOf = ({ to, message }: Delivery) => ({ to, title: message.title });

async function failureOf(
  recipient: Recipient,
  { message }: Delivery,
  { signal }: DeliverPorts,
): Promise<Attempt["failure"]> {
  return await failureWithin(recipient.limitMs, signal, async (limited) => {
    const channel = await recipient.open();
    await channel.send(message, limited);
  });
}

/** Returns why something was not sent in time; undefined if it was. */
export async function failureWithin(
  limitMs: number,
  signal: AbortSignal,
  send: (signal: AbortSignal) => Promise<void>,
): Promise<Attempt["failure"]> {
  const limit = AbortSignal.timeout(limitMs);
  try {
    await send(AbortSignal.any([signal, limit]));
    return undefined;
  } catch (error) {
    if (signal.aborted) return { reason: messageOf(signal.reason), retryAfterMs: undefined };
    if (limit.aborted) return { reason: `no answer within ${limitMs / 1000} s`, retryAfterMs: undefined };
    if (!(error instanceof NotifyError)) throw error;
    const { message: reason, retryAfterMs, isRefusal } = error;
    return { reason, retryAfterMs, isRefusal };
  }
}
