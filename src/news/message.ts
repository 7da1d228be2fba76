import type { News } from "./news.ts";

/** One message to one recipient, in words. It is kept until it is sent. */
export interface Message {
  /** The same at each attempt, so that a receiver can pass over a message that it has. */
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
  /** "bad" needs a person. */
  readonly mood: "bad" | "good" | "plain";
  /** One line. */
  readonly title: string;
  readonly text: string;
  /** The facts, for programs. Empty for a test. */
  readonly news: readonly News[];
}
