import type { Message } from "../news/index.ts";

/** Returns the facts of a message about one change, for programs: the body of a webhook, and the input of a command. */
export function payloadOf({ at, title, text, news: [first] }: Message, host: string): object {
  const { event, ...facts } = first ?? { event: "test" };
  return { type: event, timestamp: at, data: { ...facts, title, text, host } };
}
