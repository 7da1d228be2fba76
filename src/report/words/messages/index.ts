/** Each event in words. The messages of a sync, a promotion and a failure are public: scripts read them. */
import type { MirrorEvent, MirrorNews } from "../../events.ts";
import { downloadMessages } from "./download.ts";
import { gateMessages } from "./gates.ts";
import { historyMessages } from "./history.ts";
import { type EventOf, type LogMessage, type MessagesOf, silent } from "./message.ts";
import { productionMessages } from "./production.ts";
import { releaseMessages } from "./release.ts";
import { snapshotMessages } from "./snapshot.ts";
import { syncMessages } from "./sync.ts";
import { verifyMessages } from "./verify.ts";

const messages: MessagesOf<MirrorNews> = {
  ...syncMessages,
  ...releaseMessages,
  ...downloadMessages,
  ...snapshotMessages,
  ...productionMessages,
  ...verifyMessages,
  ...gateMessages,
  ...historyMessages,
};

/** The types of the events of a mirror that have a line in the log. */
export const loggedTypes = Object.entries(messages)
  .filter(([, words]) => words !== silent)
  .map(([type]) => type);

/** Undefined for events that only move a progress bar. */
export function messageOfEvent<Type extends MirrorEvent["type"]>(
  event: EventOf<Type>,
): LogMessage | undefined {
  const words: (event: EventOf<Type>) => LogMessage | undefined = messages[event.type];
  return words(event);
}

/** Replaces a mirror's id, to see where the words use it. */
const anyMirror = "\u0000";

/** True if the first line of the words says which mirror they are about. */
export function namesMirror(event: MirrorEvent): boolean {
  const lineFor = (mirror: string): string => messageOfEvent({ ...event, mirror })?.text.split("\n")[0] ?? "";
  return lineFor(anyMirror).includes(anyMirror) || isAbout(event.mirror, lineFor(event.mirror));
}

/** True for "<mirror>: …", as errors and warnings are worded. */
export const isAbout = (mirror: string, text: string): boolean => text.startsWith(`${mirror}: `);
