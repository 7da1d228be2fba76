import { describeError, itemsOf, messageOf } from "./errors.ts";
import type { Emit, EmitRun, MirrorEvent, RunEvent } from "./events.ts";
import type { ProgressReport } from "./json/progress-lines.ts";
import { type LogFormat, type LogLevel, logLevels } from "./levels.ts";
import { escapeControls } from "./terminal/escape-controls.ts";
import { isAbout, messageOfEvent, namesMirror } from "./words/messages/index.ts";
import type { LogMessage } from "./words/messages/message.ts";
import { progressText } from "./words/progress.ts";
import { messageOfRunEvent } from "./words/run-events.ts";
import { type Sandbox, sandboxHint } from "./words/sandbox.ts";

export interface LogSettings {
  readonly level: LogLevel;
  readonly format: LogFormat;
  readonly colour: boolean;
  readonly verboseErrors: boolean;
  /** Whether the journal of systemd reads the lines: each begins with its priority, see sd-daemon(3). */
  readonly isJournal?: boolean;
  readonly sandbox?: Sandbox | undefined;
  /** Returns whether a line must name this mirror, because the run is about others too. */
  readonly needsName: (mirror: string) => boolean;
  readonly now: () => Date;
  readonly write: (text: string) => void;
}

/** Writes events as lines for people, or as JSON, one object a line. */
export interface Log {
  readonly emit: Emit;
  /** Writes an error that ends a command. */
  readonly error: (error: unknown) => void;
  readonly emitRun: EmitRun;
  /** Writes how far a mirror is; only for programs, since people see bars. */
  readonly progress: (progress: ProgressReport) => void;
}

export function createLog(settings: LogSettings): Log {
  const lineOf = settings.format === "json" ? jsonLines(settings) : textLines(settings);
  const isShown = (level: LogLevel): boolean => logLevels.indexOf(level) >= logLevels.indexOf(settings.level);
  const put = (line: Line): void => {
    if (!isShown(line.level)) return;
    settings.write(settings.isJournal === true ? withPriority(lineOf(line), line.level) : lineOf(line));
  };
  const prefixFor = (event: MirrorEvent, isNamed: boolean): string =>
    !isNamed && settings.needsName(event.mirror) ? `${event.mirror}: ` : "";
  return {
    emit(event) {
      const message = messageOfEvent(event);
      if (event.type === "sync-failed") {
        const text = messageOf(event.error);
        const prefix = prefixFor(event, isAbout(event.mirror, text));
        put({ level: "error", text, prefix, event, error: event.error });
      }
      const error = "error" in event && event.type !== "sync-failed" ? event.error : undefined;
      // The prefix costs more than the message, and most events are those of single files, which are seldom shown.
      if (message !== undefined && isShown(message.level))
        put({ ...message, prefix: prefixFor(event, namesMirror(event)), event, error });
    },
    error: (error) => put({ level: "error", text: messageOf(error), error }),
    emitRun: (event) => {
      const error = "error" in event ? event.error : undefined;
      put({ ...messageOfRunEvent(event), event, error });
    },
    progress: (event) => put({ level: "info", text: progressText(event), event }),
  };
}

interface Line extends LogMessage {
  /** Only in text: JSON has the mirror as a key. */
  readonly prefix?: string;
  readonly event?: MirrorEvent | RunEvent | ProgressReport;
  readonly error?: unknown;
}

type LineOf = (line: Line) => string;

const colours = { debug: 90, info: 32, warn: 33, error: 31 } as const;

const priorities = { debug: 7, info: 6, warn: 4, error: 3 } as const;

/** For the journal only "\n" ends a line; "^" would match after U+2028 too, inside a text of JSON. */
const withPriority = (lines: string, level: LogLevel): string =>
  lines.replaceAll(/(?<![^\n])(?=[^\n])/g, `<${priorities[level]}>`);

/** Writes the level padded to five, a space, and the message. Further lines are indented to the message. */
function textLines(settings: LogSettings): LineOf {
  return ({ level, text, prefix = "", error }) => {
    const padded = level.toUpperCase().padEnd(5);
    const head = settings.colour ? `\u001B[${colours[level]}m${padded}\u001B[0m` : padded;
    const below = error === undefined ? [] : linesBelow(error, settings);
    const [first = "", ...rest] = [...`${prefix}${text}`.split("\n"), ...below].map(escapeControls);
    return [`${head} ${first}`, ...rest.map((line) => `      ${line}`), ""].join("\n");
  };
}

function jsonLines(settings: LogSettings): LineOf {
  return ({ level, text: message, event, error }) => {
    const below = error === undefined ? undefined : linesBelow(error, settings);
    const items = error === undefined ? [] : itemsOf(error);
    const listed = items.length === 0 ? {} : { items };
    const time = settings.now().toISOString();
    const line = { time, level, message, ...event, error: undefined, ...listed, below };
    return `${JSON.stringify(line)}\n`;
  };
}

const linesBelow = (error: unknown, { verboseErrors, sandbox }: LogSettings): readonly string[] =>
  describeError(error, verboseErrors, sandbox && sandboxHint(sandbox)).below;
