/** Lines of the log, for tests. Only tests import this. */
import { expect, test } from "vitest";
import type { MirrorEvent } from "../../events.ts";
import { messageOfEvent } from "./index.ts";

const mirror = "ubuntu-noble";
export const name = "2025-10-14T15-45-30Z";
export const deed = { at: new Date("2025-10-14T15:46:00Z"), by: "root", reason: "broken" };

/** An event of the mirror "ubuntu-noble". */
export type News<Event> = Event extends MirrorEvent ? Omit<Event, "mirror"> : never;

/** Returns the line of an event, with its level, or undefined if it has none. */
export function lineOf(event: News<MirrorEvent>): string | undefined {
  const message = messageOfEvent({ mirror, ...event });
  return message && `${message.level.toUpperCase().padEnd(5)} ${message.text}`;
}

/** Makes a test of each line, whose title is that line. */
export const checkLines = (rows: readonly (readonly [line: string, event: News<MirrorEvent>])[]): void =>
  test.each(rows)("%s", (line, event) => expect(lineOf(event)).toBe(line));
