/** Ways to people and programs that want to hear of changes, and the file of what was reported. Knows no mirror. */
export type { Channel } from "./channel.ts";
export { command } from "./command.ts";
export { email } from "./email.ts";
export { NotifyError } from "./errors.ts";
export { type Heartbeat, healthchecks } from "./healthchecks.ts";
export { ntfy } from "./ntfy.ts";
export { type Outbox, type OutboxState, openOutbox } from "./outbox.ts";
export { slack } from "./slack.ts";
export type { Post } from "./web.ts";
export { webhook } from "./webhook.ts";
