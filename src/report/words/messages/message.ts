import type { MirrorEvent } from "../../events.ts";
import type { LogLevel } from "../../levels.ts";

export interface LogMessage {
  readonly level: LogLevel;
  readonly text: string;
}

export type EventOf<Type extends MirrorEvent["type"]> = Extract<MirrorEvent, { readonly type: Type }>;

/** The words of some events: undefined for those that only move a progress bar. */
export type MessagesOf<Event extends { readonly type: MirrorEvent["type"] }> = {
  readonly [Type in Event["type"]]: (event: EventOf<Type>) => LogMessage | undefined;
};

export const debug = (text: string): LogMessage => ({ level: "debug", text });
export const info = (...lines: readonly string[]): LogMessage => ({ level: "info", text: lines.join("\n") });
export const warn = (...lines: readonly string[]): LogMessage => ({ level: "warn", text: lines.join("\n") });
export const error = (text: string): LogMessage => ({ level: "error", text });
export const silent = (): undefined => undefined;
