import type { Message } from "../news/index.ts";

/** A way to a recipient. */
export interface Channel {
  /** Rejects with NotifyError if the message was not sent, and with the reason of the signal. */
  send(message: Message, signal: AbortSignal): Promise<void>;
}
