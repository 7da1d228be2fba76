import { describeError, itemsOf } from "./errors.ts";
import { escapeControls } from "./escape-controls.ts";
import type { Emit, MirrorEvent } from "./events.ts";
import { type LogFormat, type LogLevel, logLevels } from "./levels.ts";
import { messageOfEvent } from "./messages.ts";

export interface LogSettings {
  readonly level: LogLevel;
  readonly format: LogFormat;
  readonly colour: boolean;
  readonly verboseErrors: boolean;
  readonly now: () => Date;
  readonly write: (text: string) => void;
}

/** Lines for people or, as JSON, one object a line for programs. */
export interface Log {
  readonly emit: Emit;
  /** An error that ends a command. */
  readonly error: (error: unknown) => void;
}

export function createLog(settings: LogSettings): Log {
  const lines = settings.format === "json" ? jsonLines(settings) : textLines(settings);
  const put = (level: LogLevel, text: string, event?: MirrorEvent, error?: unknown): void => {
    if (logLevels.indexOf(level) >= logLevels.indexOf(settings.level))
      settings.write(lines(level, text, event, error));
  };
  return {
    emit(event) {
      const message = messageOfEvent(event);
      if (event.type === "sync-failed")
        put("error", describeError(event.error, false).message, event, event.error);
      const hasHint = event.type === "snapshot-delete-failed" || event.type === "sync-locked";
      const error = hasHint ? event.error : undefined;
      if (message !== undefined) put(message.level, message.text, event, error);
    },
    error: (error) => put("error", describeError(error, false).message, undefined, error),
  };
}

type LineOf = (level: LogLevel, text: string, event?: MirrorEvent, error?: unknown) => string;

const colours = { debug: 90, info: 32, warn: 33, error: 31 } as const;

/** The level padded to five, a space, and the message; what belongs below it is indented to stand under the message. */
function textLines(settings: LogSettings): LineOf {
  return (level, text, _event, error) => {
    const padded = level.toUpperCase().padEnd(5);
    const head = settings.colour ? `\u001B[${colours[level]}m${padded}\u001B[0m` : padded;
    const below = error === undefined ? [] : describeError(error, settings.verboseErrors).below;
    const [first = "", ...rest] = [...text.split("\n"), ...below].map(escapeControls);
    return [`${head} ${first}`, ...rest.map((line) => `      ${line}`), ""].join("\n");
  };
}

function jsonLines(settings: LogSettings): LineOf {
  return (level, message, event, error) => {
    const below = error === undefined ? undefined : describeError(error, settings.verboseErrors).below;
    const items = error === undefined ? [] : itemsOf(error);
    const listed = items.length === 0 ? {} : { items };
    const time = settings.now().toISOString();
    const line = { time, level, message, ...event, error: undefined, ...listed, below };
    return `${JSON.stringify(line)}\n`;
  };
}
