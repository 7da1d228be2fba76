/** Tells people and programs what a run changed. */
export { announce, lookBefore } from "./announce.ts";
export { beginHeartbeats, type Heartbeats } from "./heartbeats.ts";
export type { NotifyPorts, Recipient, Watchdog } from "./ports.ts";
export { readNotifyFile, readSecret } from "./read-secret.ts";
export { type TestedRecipient, testRecipients } from "./test-recipients.ts";
