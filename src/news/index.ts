/** Changes of state that people want to hear of: what they are, when something is one, who wants it, and what waits. Pure. */
export {
  compareDisks,
  compareMirror,
  nothingTold,
  type SeenDisk,
  type SeenMirror,
  type ToldMirror,
} from "./compare.ts";
export { type NewsEvent, newsEvents } from "./event.ts";
export type { Message } from "./message.ts";
export type { News, PublicLink } from "./news.ts";
export { type Attempt, claimDue, type Delivery, keepWorthwhile, settle } from "./queue.ts";
export { isAbout, isWanted, type Subscription } from "./subscription.ts";
export { webhookKeyOf, webhookSecretType } from "./webhook-key.ts";
