import type { Message, News, Subscription } from "../../news/index.ts";
import type { Channel, Heartbeat, Outbox } from "../../notify/index.ts";
import type { RunEvent } from "../../report/events.ts";

interface Addressee<Way> {
  /** For messages to the administrator, and for what waits to be sent. */
  readonly name: string;
  readonly limitMs: number;
  /** Rejects with NotifyError if a secret cannot be read. */
  open(): Promise<Way>;
}

/** Who hears of changes. */
export interface Recipient extends Addressee<Channel>, Subscription {
  /**
   * "each": one message for each change, which programs read. "digest": one for all changes of a run: a network that is
   * down should not wake anybody twenty times.
   */
  readonly takes: "each" | "digest";
}

/** A check that expects to hear of each sync. */
export interface Watchdog extends Addressee<Heartbeat>, Pick<Subscription, "mirrors"> {}

export interface NotifyPorts {
  readonly recipients: readonly Recipient[];
  readonly outbox: Outbox;
  readonly compose: (news: readonly News[]) => Message;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  readonly emit: (event: RunEvent) => void;
}
