import type { Message } from "../../news/index.ts";
import { failureWithin } from "./deliver.ts";
import type { NotifyPorts, Recipient, Watchdog } from "./ports.ts";

export interface TestedRecipient {
  readonly to: string;
  /** Why the message was not sent; undefined if it was. */
  readonly problem: string | undefined;
}

interface TestPorts extends Pick<NotifyPorts, "recipients" | "signal"> {
  readonly watchdogs: readonly Watchdog[];
  readonly message: Message;
}

/** Sends a test message to each recipient now. Keeps nothing for later. */
export async function testRecipients(ports: TestPorts): Promise<readonly TestedRecipient[]> {
  const { recipients, watchdogs, message, signal } = ports;
  const test = async (
    { name: to, limitMs }: Recipient | Watchdog,
    send: (signal: AbortSignal) => Promise<void>,
  ): Promise<TestedRecipient> => {
    const failure = await failureWithin(limitMs, signal, send);
    signal.throwIfAborted();
    return { to, problem: failure?.reason };
  };
  return await Promise.all([
    ...recipients.map((one) => test(one, async (limited) => (await one.open()).send(message, limited))),
    ...watchdogs.map((one) => test(one, async (limited) => (await one.open()).note(message.text, limited))),
  ]);
}
